import type { Link, Topic } from '@throughline/core';
import { titleKey } from '../title.ts';
import type { Atom } from './atoms.ts';
import { count, SLOW_DAYS } from './fading.ts';
import type { Memory } from './memory.ts';
import { readSentence, type Reading, type Sentence } from './reading.ts';
import { spanContexts } from './span-contexts.ts';
import type { Span } from './spans.ts';
import { keyOf } from './stretches.ts';
import { countContext } from './surfaces.ts';
import { titleCandidates, type Candidate } from './title-candidates.ts';
import { titleContexts } from './title-features.ts';

/** A link by the atoms it covers. */
interface PlacedLink {
  title: string;
  surface: string;
  from: number;
  to: number;
}

/** Learns how editors linked one sentence. */
export function learnSentence(
  memory: Memory,
  sentence: Sentence,
  links: readonly Link[],
  topics: readonly Topic[],
): void {
  const reading = readSentence(memory, sentence);
  const placed = placedLinks(reading, links);
  learnWeights(memory, reading, placed);
  const owners = ownersOf(reading.atoms.length, placed);
  countUnlinked(reading, owners, placed);
  for (const link of placed) countLink(memory, reading, link, placed);
  for (const { title } of topics) if (title !== '') memory.titles.headed(titleKey(title), sentence.day);
  countWords(memory, reading.atoms, owners, placed);
  countDensity(memory, reading, placed.length);
  memory.companions.learn(placed.map(({ title }) => title));
  memory.homes.learn(placed.flatMap(({ title }) => memory.titles.get(title) ?? []));
  memory.learnt++;
  memory.lastDay = Math.max(memory.lastDay, sentence.day);
}

/** Links whose ends are ends of atoms; others (half of a word) teach nothing that could be found again. */
function placedLinks({ atoms, sentence: { text } }: Reading, links: readonly Link[]): PlacedLink[] {
  const startAt = new Map(atoms.map(({ start }, at) => [start, at]));
  const endAt = new Map(atoms.map(({ end }, at) => [end, at]));
  return links.flatMap(({ start, end, title }) => {
    const [from, to, key] = [startAt.get(start), endAt.get(end), titleKey(title)];
    return from === undefined || to === undefined || from > to || key === ''
      ? []
      : [{ title: key, surface: keyOf(text, start, end), from, to }];
  });
}

const NOBODY = -1;

/** For each atom, which link covers it. */
function ownersOf(atoms: number, links: readonly PlacedLink[]): Int32Array {
  const owners = new Int32Array(atoms).fill(NOBODY);
  links.forEach(({ from, to }, owner) => owners.fill(owner, from, to + 1));
  return owners;
}

function learnWeights(memory: Memory, reading: Reading, links: readonly PlacedLink[]): void {
  const linkAt = new Map(links.map((link) => [link.from * 1024 + link.to, link]));
  reading.spans.forEach((span, at) => {
    const link = linkAt.get(span.from * 1024 + span.to);
    const contexts = spanContexts(reading, span, at);
    const chance = 1 / (1 + Math.exp(-memory.spanWeights.sum(contexts)));
    memory.spanWeights.step(contexts, chance - (link === undefined ? 0 : 1));
    if (link !== undefined) learnTitle(memory, reading, span, link.title);
  });
}

/** Below this a step changes nothing worth its time. */
const LEAST_GRADIENT = 1e-3;

function learnTitle(memory: Memory, reading: Reading, span: Span, title: string): void {
  const candidates = titleCandidates(memory, reading, span);
  if (candidates.length < 2 || !candidates.some((candidate) => candidate.title === title)) return;
  const contexts = candidates.map((candidate: Candidate) => titleContexts(reading, span, candidate).slice());
  const sums = contexts.map((hashes) => memory.titleWeights.sum(hashes));
  const most = Math.max(...sums);
  const powers = sums.map((sum) => Math.exp(sum - most));
  const total = powers.reduce((a, b) => a + b, 0);
  candidates.forEach((candidate, at) => {
    const gradient = (powers[at] ?? 0) / total - (candidate.title === title ? 1 : 0);
    const hashes = contexts[at];
    if (hashes !== undefined && Math.abs(gradient) > LEAST_GRADIENT) memory.titleWeights.step(hashes, gradient);
  });
}

/** Counts known spellings that were left unlinked, once a sentence: editors link the first. */
function countUnlinked({ known, sentence: { day } }: Reading, owners: Int32Array, links: readonly PlacedLink[]): void {
  const counted = new Set<string>();
  for (const { surface, from, to } of known) {
    let owner = NOBODY;
    for (let at = from; at <= to; at++) owner = Math.max(owner, owners[at] ?? NOBODY);
    const link = links[owner];
    if (link !== undefined) {
      if (link.from !== from || link.to !== to) surface.covered++;
    } else if (!counted.has(surface.key)) {
      counted.add(surface.key);
      surface.unlinked++;
      count(surface.unlinkedSlow, day, SLOW_DAYS);
    }
  }
}

function countLink(memory: Memory, reading: Reading, link: PlacedLink, links: readonly PlacedLink[]): void {
  const { day } = reading.sentence;
  const title = memory.titles.linked(link.title, day);
  const surface = memory.surfaces.linked(link.surface, reading.atoms.slice(link.from, link.to + 1), title, day);
  for (const { known, from, to } of reading.fillers)
    if (known !== title && (to < link.from || from > link.to)) countContext(surface, known, title);
  const neighbours = links.filter((other) => other !== link && other.title !== link.title);
  const followed = memory.patterns.learn(link.title, link.surface, neighbours, reading.year);
  const filler = followed === undefined ? undefined : memory.titles.get(followed.filler.title);
  if (followed === undefined || filler === undefined) return;
  filler.asFiller++;
  memory.homes.filled(filler, followed.pattern, title);
}

function countWords({ words }: Memory, atoms: readonly Atom[], owners: Int32Array, links: readonly PlacedLink[]): void {
  atoms.forEach(({ text }, at) => {
    const word = words.keep(text);
    word.seen++;
    const owner = owners[at] ?? NOBODY;
    const link = links[owner];
    if (link !== undefined) {
      word.inside++;
      if (link.from === at) word.first++;
      if (link.to === at) word.last++;
    }
    const next = owners[at + 1] ?? NOBODY;
    if (next !== NOBODY && next !== owner) word.before++;
    const previous = owners[at - 1] ?? NOBODY;
    if (previous !== NOBODY && previous !== owner) word.after++;
  });
}

/** Old sentences count for less and less: habits of linking change. */
const KEPT_SHARE = 0.998;

function countDensity({ density }: Memory, { sentence: { section }, atoms }: Reading, links: number): void {
  const known = density.get(section) ?? { links: 0, atoms: 0 };
  density.set(section, { links: known.links * KEPT_SHARE + links, atoms: known.atoms * KEPT_SHARE + atoms.length });
}

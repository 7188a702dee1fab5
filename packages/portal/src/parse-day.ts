import type { Category, CitedSource, Day, Leftover, ParsedDay, ParsedEvent, Topic } from '@throughline/core';
import { type Block, readBlocks } from './blocks.ts';
import { categoryOf } from './headings.ts';
import { htmlToWikitext, isHtml } from './html.ts';
import { type Inline, newReader, readInline } from './inline.ts';
import { clean, joinOpenLines, stripComments } from './lexer.ts';
import type { PageNotes, Reader } from './reader.ts';
import { trimEnd } from './tail.ts';
import { isOnlyLinks, takePrefix, topicsOf } from './topics.ts';
import { unwrap, type Unwrapped, type Wrapper } from './wrappers.ts';

/** A bullet that others stand below. */
interface Header {
  depth: number;
  /** Its own and those of the headers above it, outermost first. */
  all: Topic[];
}

interface PageReading {
  reader: Reader;
  notes: PageNotes;
  sections: ParsedDay['sections'];
  events: ParsedEvent[];
  section: string;
  category: Category | undefined;
  /** Headers above the place now read, outermost first. */
  above: Header[];
  /** The topic just above, without items of its own: it may belong to the next item beside it. */
  stub: Stub | undefined;
}

interface Stub {
  depth: number;
  topics: Topic[];
  block: Block;
}

/** Headers are nested no deeper than this; what stands deeper is read as if it stood here. */
const MAX_LEVELS = 32;

/**
 * Reads a day's page: its events with their sections, topics, links and
 * sources. What becomes none of them is in `leftovers` with the reason. Never
 * throws; time is linear in the page's length.
 */
export function parseDay(day: Day, wikitext: string): ParsedDay {
  const leftovers: Leftover[] = [];
  const { wrapper, body: raw } = bodyOf(stripComments(clean(wikitext), leftovers), day, leftovers);
  const body = joinOpenLines(raw);
  const notes: PageNotes = { leftovers, named: new Map(), uses: new Map(), unresolved: new Set() };
  const page: PageReading = {
    reader: newReader(body, notes),
    notes,
    sections: [],
    events: [],
    section: '',
    category: undefined,
    above: [],
    stub: undefined,
  };
  const blocks = readBlocks(body);
  blocks.forEach((block, index) => readBlock(page, block, blocks[index + 1]));
  dropStub(page);
  resolveReferences(page.notes);
  return { day, wrapper: settled(wrapper, page, body), sections: page.sections, events: page.events, leftovers };
}

function bodyOf(text: string, day: Day, leftovers: Leftover[]): Unwrapped {
  return isHtml(text) ? { wrapper: 'html', body: htmlToWikitext(text, day, leftovers) } : unwrap(text, leftovers);
}

/** A line that belongs to a frame, outside any item. */
const FRAME_LINE = /^[ \t]{0,9}(?:\{\{|\}\}|\|\}|\{\|)/m;

/** A page without a frame that we know is of an unknown layout where something else frames it, or nothing on it is an event. */
function settled(wrapper: Wrapper, page: PageReading, body: string): Wrapper {
  if (wrapper !== 'none') return wrapper;
  const unread = page.events.length === 0 && body.trim() !== '';
  return unread || FRAME_LINE.test(body) ? 'unknown' : 'none';
}

function readBlock(page: PageReading, block: Block, next: Block | undefined): void {
  const inline = readInline(page.reader, block.from, block.to);
  if (block.kind === 'heading') return readHeading(page, inline);
  if (block.kind === 'text') return readText(page, inline, block);
  const hasChildren = next?.kind === 'item' && next.depth > block.depth;
  readItem(page, { block, depth: Math.min(block.depth, MAX_LEVELS), hasChildren }, inline);
}

function readHeading(page: PageReading, inline: Inline): void {
  dropStub(page);
  const heading = trimEnd(inline.text, ' :,');
  page.above = [];
  leaveSources(page, inline.sources, 'source in a heading');
  if (heading === '') return;
  page.section = heading;
  page.category = categoryOf(heading);
  page.sections.push(page.category ? { heading, category: page.category } : { heading });
  for (const { title } of inline.links)
    page.notes.leftovers.push({ text: `[[${title}]]`, reason: 'link in a heading' });
}

/** A line outside the list: sources belong to the event before it, a sentence is an event of its own. */
function readText(page: PageReading, inline: Inline, block: Block): void {
  const opensTemplate = page.reader.wikitext.startsWith('{{', block.from);
  if (hasWords(inline.text, 3) && !opensTemplate) return addEvent(page, [], inline);
  if (inline.text !== '') leaveLine(page, inline, 'stray text');
  giveSources(page, inline.sources, block);
}

interface Item {
  block: Block;
  depth: number;
  hasChildren: boolean;
}

function readItem(page: PageReading, { block, depth, hasChildren }: Item, inline: Inline): void {
  while ((page.above.at(-1)?.depth ?? 0) >= depth) page.above.pop();
  const { prefix, rest } = takePrefix(inline);
  if (!hasWords(rest.text, 1)) {
    if (prefix.length === 0) leaveLine(page, rest, 'no words');
    else if (hasChildren) pushHeader(page, depth, prefix);
    else holdStub(page, { depth, topics: prefix, block });
    return giveSources(page, rest.sources, block);
  }
  if (hasChildren) return readHeader(page, depth, prefix, rest);
  if (rest.sources.length === 0 && isOnlyLinks(rest)) {
    return holdStub(page, { depth, topics: [...prefix, ...topicsOf(rest)], block });
  }
  addEvent(page, [...takeStub(page, depth), ...prefix], rest);
}

/** A bullet with others below it: their topic, and an event too if it cites a source or is a sentence. */
function readHeader(page: PageReading, depth: number, prefix: Topic[], inline: Inline): void {
  dropStub(page);
  const onlyTopics = isOnlyLinks(inline);
  const isEvent = inline.sources.length > 0 || (!onlyTopics && isSentence(inline.text));
  if (isEvent) addEvent(page, prefix, inline);
  const own = isEvent && !onlyTopics ? [{ title: '', text: inline.text }] : topicsOf(inline);
  pushHeader(page, depth, [...prefix, ...own]);
}

function pushHeader({ above }: PageReading, depth: number, topics: Topic[]): void {
  above.push({ depth, all: [...(above.at(-1)?.all ?? []), ...topics] });
}

const isSentence = (text: string): boolean => /[.!?]["”'’)]{0,3}$/.test(text.slice(-4)) && hasWords(text, 4);

/** `A`–`Z`: how most sentences begin. */
const isPlainLetter = (c: number): boolean => c >= 65 && c <= 90;

const ONE_WORD = /[\p{L}\p{N}]/u;

function hasWords(text: string, count: number): boolean {
  if (count === 1) return isPlainLetter(text.charCodeAt(0)) || ONE_WORD.test(text);
  let seen = 0;
  for (const _ of text.matchAll(/[\p{L}\p{N}]+/gu)) if (++seen === count) return true;
  return false;
}

function addEvent(page: PageReading, topics: Topic[], { text, links, sources }: Inline): void {
  dropStub(page);
  const event: ParsedEvent = {
    text,
    section: page.section,
    topics: [...(page.above.at(-1)?.all ?? []), ...topics],
    links,
    sources,
    position: page.events.length,
  };
  if (page.category) event.category = page.category;
  page.events.push(event);
}

function leaveLine(page: PageReading, { text, links }: Inline, reason: string): void {
  if (text !== '') page.notes.leftovers.push({ text, reason });
  for (const { title } of links) page.notes.leftovers.push({ text: `[[${title}]]`, reason });
}

/** A block as it stands on the page. */
const written = ({ reader }: PageReading, { from, to }: Block): string => reader.wikitext.slice(from, to).trim();

// Topics without items

function holdStub(page: PageReading, stub: Stub): void {
  dropStub(page);
  page.stub = stub;
}

/** The topic just above, where an editor forgot to indent the item under it. */
function takeStub(page: PageReading, depth: number): Topic[] {
  const { stub } = page;
  if (!stub || depth > stub.depth) return [];
  page.stub = undefined;
  return stub.topics;
}

function dropStub(page: PageReading): void {
  if (page.stub) page.notes.leftovers.push({ text: written(page, page.stub.block), reason: 'topic without events' });
  page.stub = undefined;
}

// Sources

/** Sources on a line of their own are those of the event before it. */
function giveSources(page: PageReading, sources: CitedSource[], block: Block): void {
  const { events, notes } = page;
  if (sources.length === 0) return;
  const last = events.at(-1);
  if (!last) return void notes.leftovers.push({ text: written(page, block), reason: 'source without an event' });
  for (const source of sources) last.sources.push(source);
  if (notes.unresolved.delete(sources)) notes.unresolved.add(last.sources);
}

function leaveSources({ notes }: PageReading, sources: CitedSource[], reason: string): void {
  for (const source of sources) {
    const text = notes.uses.get(source) ?? `${source.url} ${source.label}`.trim();
    notes.leftovers.push({ text, reason });
  }
}

/** At most so many sources stand for one use of a named reference; where it is defined it has all. */
const MAX_REPEATED = 8;

/** Puts the sources of named references where they are used. */
function resolveReferences({ uses, named, unresolved, leftovers }: PageNotes): void {
  for (const sources of unresolved) {
    const resolved = sources.flatMap((source) => {
      const name = uses.get(source);
      if (name === undefined) return [source];
      const cited = named.get(name);
      if (!cited) leftovers.push({ text: name, reason: 'reference that is nowhere defined' });
      return cited?.slice(0, MAX_REPEATED) ?? [];
    });
    sources.length = 0;
    for (const source of resolved) sources.push(source);
  }
}

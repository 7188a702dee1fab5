import type { Day, Leftover } from '@throughline/core';
import { decodeEntities } from './entities.ts';
import { attributesOf, type HtmlToken, htmlTokens } from './html-tokens.ts';
import { endLine, newWriter, write, type Writer } from './html-writer.ts';
import { pageTitle } from './page-title.ts';
import { fold } from './reader.ts';

type Opening = Extract<HtmlToken, { kind: 'open' }>;

/**
 * Whether a page is HTML: the portal as a browser gets it, in any of its
 * layouts (`td.description` with `dl` headings; `div.current-events-content`
 * with `div[role=heading]` or, since December 2020, `<p><b>` headings).
 */
export function isHtml(text: string): boolean {
  const starts = /^\s{0,99}<(?:!doctype|html|head|body|div|table|section|ul|dl|p|span|meta|link|style)\b/i.test(text);
  return starts && /<li\b/i.test(text) && !/\{\{\s?Current\s/i.test(text);
}

/** The page's items as wikitext of the same structure, so that there is one grammar. Other days on the page are left out. */
export function htmlToWikitext(html: string, day: Day, leftovers: Leftover[]): string {
  const tokens = [...htmlTokens(html)];
  const writer = newWriter(citationNotes(tokens));
  const outside: string[] = [];
  for (const { token, place } of placed(tokens, day)) {
    if (place === 'inside') write(writer, token);
    else if (token.kind === 'text') outside.push(token.raw);
  }
  endLine(writer);
  const around = fold(decodeEntities(outside.join(' '))).trim();
  if (around !== '') leftovers.push({ text: around, reason: 'around the items' });
  return writer.lines.join('\n');
}

/** An element that is being walked through, with how many of its own name are open. */
interface Walk {
  name: string;
  open: number;
}

/** Counts `token` in; undefined once the element has ended. */
function walkOn(walk: Walk, token: HtmlToken): Walk | undefined {
  if (token.kind === 'text' || token.name !== walk.name) return walk;
  if (token.kind === 'open') walk.open += token.empty ? 0 : 1;
  else walk.open--;
  return walk.open > 0 ? walk : undefined;
}

/** Tells for each token whether it is of the day's items: in the containers, if the page has any, and not in what they hold besides. */
function* placed(tokens: readonly HtmlToken[], day: Day): Generator<{ token: HtmlToken; place: 'inside' | 'outside' }> {
  const wanted = pageTitle(day).replace(/^.*\//, '').replaceAll(' ', '_');
  const everywhere = !tokens.some((token) => token.kind === 'open' && isContainer(token));
  let shownDay = wanted;
  let container: Walk | undefined;
  let besides: Walk | undefined;
  for (const token of tokens) {
    if (token.kind === 'open') {
      shownDay = dayShown(token) ?? shownDay;
      if (!container && isContainer(token) && shownDay === wanted) container = { name: token.name, open: 0 };
      if (!besides && !token.empty && isBesides(token)) besides = { name: token.name, open: 0 };
    }
    const place = (container || everywhere) && !besides ? 'inside' : 'outside';
    yield { token, place };
    if (container) container = walkOn(container, token);
    if (besides) besides = walkOn(besides, token);
  }
}

const classesOf = (token: Opening): string[] => (attributesOf(token.raw).get('class') ?? '').split(/\s+/);

function isContainer(token: Opening): boolean {
  if (token.name !== 'td' && token.name !== 'div') return false;
  return classesOf(token).some((name) => name === 'description' || name === 'current-events-content');
}

const BESIDES = new Set([
  'mw-editsection',
  'mw-cite-backlink',
  'references',
  'mw-references-wrap',
  'current-events-navbar',
  'current-events-title',
  'editlink',
  'noprint',
  'navbar',
]);

const isBesides = (token: Opening): boolean =>
  /\bclass\b/i.test(token.raw) && classesOf(token).some((name) => BESIDES.has(name));

/** The day that a section of the page is for, by its id: `2017_January_30`. */
function dayShown(token: Opening): string | undefined {
  if (!/\bid\b/i.test(token.raw)) return undefined;
  return /^\d{4}_[A-Z][a-z]+_\d{1,2}$/.exec(attributesOf(token.raw).get('id') ?? '')?.[0];
}

/** The notes at the foot of the page, by their id: what `<ref>` held. */
function citationNotes(tokens: readonly HtmlToken[]): Map<string, string> {
  const notes = new Map<string, string>();
  let note: { walk: Walk; id: string; writer: Writer } | undefined;
  let backlink: Walk | undefined;
  for (const token of tokens) {
    if (!note) {
      const id = token.kind === 'open' && token.name === 'li' ? (attributesOf(token.raw).get('id') ?? '') : '';
      if (id.startsWith('cite_note')) note = { walk: { name: 'li', open: 1 }, id, writer: newWriter(new Map()) };
      continue;
    }
    if (token.kind === 'open' && isBesides(token)) backlink = { name: token.name, open: 0 };
    if (!walkOn(note.walk, token)) {
      endLine(note.writer);
      notes.set(note.id, note.writer.lines.join(' '));
      note = undefined;
    } else if (backlink) backlink = walkOn(backlink, token);
    else write(note.writer, token);
  }
  return notes;
}

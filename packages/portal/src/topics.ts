import type { Link, Topic } from '@throughline/core';
import type { Inline } from './inline.ts';
import { trimEnd } from './tail.ts';

/** No more text than this separates two topics. */
const MAX_GAP = 8;
/** A header with more links than this names no more topics. */
const MAX_TOPICS = 32;

/** What may stand between the links of a header that names several topics. */
const BETWEEN = /^[\s,;&/"“”'–—-]*(?:and\s|&)?[\s"“”'–—-]*$/;
const AFTER = /^[\s"“”'.,]*:?[\s"“”']*$/;

/** A topic's colon: quotation marks and a space may stand before it, a space or the end after it. */
const COLON = /^["”'’]?\s?:["”'’]?(?:\s+|$)/;

/**
 * Takes a `[[Topic]]: ` prefix off a line: one or more links and then a colon.
 * The sentence after it keeps its links at their new places.
 */
export function takePrefix(inline: Inline): { prefix: Topic[]; rest: Inline } {
  const { text, links } = inline;
  let at = 0;
  let count = 0;
  for (const link of links) {
    if (link.start > at + MAX_GAP || (link.start > at && !BETWEEN.test(text.slice(at, link.start)))) break;
    at = link.end;
    count++;
    const near = text.charCodeAt(at) === 58 || text.charCodeAt(at + 1) === 58 || text.charCodeAt(at + 2) === 58;
    const colon = near ? COLON.exec(text.slice(at, at + 8))?.[0] : undefined;
    if (colon !== undefined) {
      return { prefix: links.slice(0, count).map(topicOf), rest: from(inline, at + colon.length, count) };
    }
  }
  return { prefix: [], rest: inline };
}

function from({ text, links, sources }: Inline, at: number, count: number): Inline {
  const moved = links.slice(count).map((link) => ({ ...link, start: link.start - at, end: link.end - at }));
  return { text: text.slice(at), links: moved, sources };
}

const topicOf = ({ title, surface }: Link): Topic => ({ title, text: surface });

/**
 * The topics that a header names. Links with only separators between them are
 * a topic each. Other words make the whole header the first one's text, so
 * that none is lost; a header without a link is a topic without a title.
 */
export function topicsOf({ text, links }: Inline): Topic[] {
  const [first, ...others] = links.slice(0, MAX_TOPICS);
  const whole = trimEnd(text, ' :,.');
  if (!first) return [{ title: '', text: whole }];
  if (isOnlyLinks({ text, links })) return links.slice(0, MAX_TOPICS).map(topicOf);
  return [{ title: first.title, text: whole }, ...others.map(topicOf)];
}

/** Whether a line holds links and nothing between or after them but separators: topics, not a sentence. */
export function isOnlyLinks({ text, links }: Pick<Inline, 'text' | 'links'>): boolean {
  if (links.length === 0) return false;
  let at = 0;
  for (const { start, end } of links) {
    if (start > at && (start > at + MAX_GAP || !BETWEEN.test(text.slice(at, start)))) return false;
    at = end;
  }
  return text.length <= at + MAX_GAP && AFTER.test(text.slice(at));
}

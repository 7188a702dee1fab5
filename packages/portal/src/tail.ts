import type { Link } from '@throughline/core';
import { leave, type Reader, type ShownLabel } from './reader.ts';

const FULL_STOP = 46;

const ENDS_SENTENCE = /[.!?:;…"”'’)\]»]$/;
const ONLY_SEPARATORS = /^(?:[\s,;.&()/–-]|and\b){0,60}$/;
const UNFINISHED =
  /\b(?:a|an|the|of|in|at|on|to|by|for|from|with|as|and|or|via|is|are|was|were|has|have|that|its|their|his|her)$/i;

/** The sentence of a line that is read: without its sources, their labels and what separated them. */
export function sentenceOf(r: Reader): string {
  const text = r.tail >= 0 ? withoutSources(r, r.text) : r.text;
  return trimEnd(r.shown.length > 0 ? withoutLabels(r.shown, text) : text, ' ,;:');
}

/** `text` without the characters of `set` at its end. A loop, since a regular expression would look at every such run. */
export function trimEnd(text: string, set: string): string {
  let end = text.length;
  if (end > 0 && text.charCodeAt(end - 1) === FULL_STOP) return text; // the common case, and in no set
  while (end > 0 && set.includes(text.charAt(end - 1))) end--;
  return end === text.length ? text : text.slice(0, end);
}

/** The text before the sources at its end, with the full stop or parenthesis that came after them. */
function withoutSources(r: Reader, whole: string): string {
  const rest = whole.slice(r.tail);
  if (rest === '') return trimEnd(whole, ' (,;–-');
  let head = trimEnd(whole.slice(0, r.tail), ' ');
  const named = rest.includes(')') ? /(?<=[.!?"”])\s?\([^()]{1,30}:$/.exec(head.slice(-40)) : null;
  if (named) {
    leave(r, named[0], 'name beside its sources');
    head = head.slice(0, head.length - named[0].length);
  }
  const opened = head.lastIndexOf('(');
  if (opened >= 0 && opened < head.length - 1 && /^[\s,;&]*\)/.test(rest) && !head.includes(')', opened)) head += ')';
  head = trimEnd(head, ' (,;–-');
  return withFullStop(head, rest);
}

/** The sentence, with the full stop that came after what was cut off. */
function withFullStop(head: string, rest: string): string {
  const wants = /\.[\s)]{0,9}$/.test(rest.slice(-10)) || /^[^\p{L}]{0,60}\.[^\p{L}]{0,60}$/u.test(rest);
  return wants && head !== '' && !/[.!?:]["”'’)]{0,3}$/.test(head.slice(-4)) ? `${head}.` : head;
}

/**
 * The text without the labels at its end: `… is dead. [url Reuters], [url BBC]`
 * names sources, while `… says [url a report].` is a sentence. A label that
 * stays is words of the event, not the name of an outlet.
 */
function withoutLabels(shown: readonly ShownLabel[], text: string): string {
  let cut = text.length;
  let first = shown.length;
  while (first > 0) {
    const label = shown[first - 1];
    if (!label || label.end > text.length || !ONLY_SEPARATORS.test(text.slice(label.end, cut))) break;
    cut = label.start;
    first--;
  }
  const head = trimEnd(text.slice(0, cut), ' (,;–-');
  const labels = text.slice(cut);
  const sure = shown[first]?.afterSource === true || ENDS_SENTENCE.test(head.slice(-1));
  const ends = first < shown.length && head !== '' && (sure || nameOutlets(head, labels));
  for (const { source } of ends ? shown.slice(0, first) : shown) {
    source.label = '';
    delete source.outlet;
    delete source.agency;
  }
  return ends ? withFullStop(head, labels) : text;
}

/** Whether labels after a sentence without its full stop are outlets: capitalised, few words, and nothing in the sentence waits for them. */
function nameOutlets(head: string, labels: string): boolean {
  const short = labels.length <= 60 && /^[^a-z]/.test(labels) && !trimEnd(labels, ' ').endsWith('.');
  return short && !UNFINISHED.test(head.slice(-12));
}

/** The links whose words are in `text`, each with them. */
export function placeLinks(links: Link[], text: string): Link[] {
  let lost = false;
  for (const link of links) {
    if (link.end > text.length) link.end = text.length;
    while (link.start < link.end && text.charCodeAt(link.start) === 32) link.start++;
    while (link.end > link.start && text.charCodeAt(link.end - 1) === 32) link.end--;
    link.surface = text.slice(link.start, link.end);
    lost ||= link.start >= link.end;
  }
  return lost ? links.filter(({ start, end }) => start < end) : links;
}

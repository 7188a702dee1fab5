import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { CitedSource, Link } from '@throughline/core';

/** An event as both files have it. */
interface Listed {
  text: string;
  links: Pick<Link, 'title'>[];
  sources: Pick<CitedSource, 'url'>[];
}

/**
 * How many of the gold's events are read alike, in percent: the same text after
 * white space is folded, and of events with the same text or a common source
 * the same links and sources in the same order. `parsed` has a line of JSON a
 * day, the gold one an event.
 */
export function likeRendered(parsed: string, gold: readonly string[]): Record<string, number> {
  const days = new Map(lines<{ day: string; events: Listed[] }>(parsed).map(({ day, events }) => [day, events]));
  const events = gold.flatMap((file) => lines<Listed & { date: string }>(file));
  let [text, links, sources] = [0, 0, 0];
  for (const event of events) {
    const left = days.get(event.date) ?? [];
    const equal = left.findIndex((other) => folded(other) === folded(event));
    const found = equal >= 0 ? equal : left.findIndex((other) => shareSource(other, event));
    const [other] = found >= 0 ? left.splice(found, 1) : [];
    if (equal >= 0) text++;
    if (other && titles(other) === titles(event)) links++;
    if (other && urls(other) === urls(event)) sources++;
  }
  const percent = (count: number) => Number(((100 * count) / events.length).toFixed(3));
  return { events: events.length, text: percent(text), links: percent(links), sources: percent(sources) };
}

function lines<Line>(file: string): Line[] {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Line]));
}

const folded = ({ text }: Listed): string => text.normalize('NFC').replace(/\s+/g, ' ').trim();
const titles = ({ links }: Listed): string => JSON.stringify(links.map(({ title }) => title));
const urls = ({ sources }: Listed): string => JSON.stringify(sources.map(({ url }) => url));

const shareSource = (one: Listed, other: Listed): boolean =>
  one.sources.some(({ url }) => other.sources.some((source) => source.url === url));

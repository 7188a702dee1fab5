import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { dayNumber, type Day, type Link, type Topic } from '@throughline/core';

/** One line of a file of events with links. */
export interface LinkedEvent {
  id: string;
  date: string;
  section: string;
  text: string;
  links: Link[];
  topics: Topic[];
}

export function readLines<T>(file: string): T[] {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);
}

export const dayOf = ({ date }: { date: string }): number => dayNumber(date as Day);

/** A value given as `--name=value`. */
export const option = (name: string): string | undefined =>
  process.argv.find((one) => one.startsWith(`--${name}=`))?.slice(name.length + 3);

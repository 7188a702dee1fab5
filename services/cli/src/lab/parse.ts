import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Day, type ParsedDay } from '@throughline/core';
import { decodePage, parseDay } from '@throughline/portal';

const DAY_FILE = /^(\d{4}-\d{2}-\d{2})\.wiki$/;

/**
 * Parses every `YYYY-MM-DD.wiki` of a directory and writes one line of JSON a
 * day, in order of day: `{day, wrapper, sections, events, leftovers}`, the
 * leftovers as strings. Other files are passed over.
 */
export async function labParse(directory: string, write: (line: string) => void): Promise<void> {
  for (const file of (await readdir(directory)).toSorted()) {
    const day = Day.safeParse(DAY_FILE.exec(file)?.[1]);
    if (!day.success) continue;
    const parsed = parseDay(day.data, decodePage(await readFile(join(directory, file))));
    write(asLine(parsed));
  }
}

function asLine({ leftovers, ...parsed }: ParsedDay): string {
  return JSON.stringify({ ...parsed, leftovers: leftovers.map(({ text }) => text) });
}

import { readFile } from 'node:fs/promises';
import type { Day } from '@throughline/core';
import { decodePage, pageTitle } from '@throughline/portal';
import type { Source, SourceRead } from './source.ts';

/** Portal days kept as files, one a day; read only when asked to. */
export function fileSource(name: string, files: ReadonlyMap<Day, string>): Source {
  return {
    name,
    async *read(days, { signal }): AsyncGenerator<SourceRead> {
      for (const day of days) {
        signal.throwIfAborted();
        yield await readDay(day, files.get(day));
      }
    },
  };
}

async function readDay(day: Day, file: string | undefined): Promise<SourceRead> {
  const title = pageTitle(day);
  if (file === undefined) return { kind: 'missing', day, title };
  try {
    return { kind: 'page', day, title, wikitext: decodePage(await readFile(file)) };
  } catch (error) {
    return { kind: 'failed', day, title, reason: error instanceof Error ? error.message : String(error) };
  }
}

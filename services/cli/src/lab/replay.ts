import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Day, settle } from '@throughline/core';
import { allRecords, pageStore, type Database } from '@throughline/db';
import { ingest, readUrl } from '@throughline/pipeline';
import { pageTitle } from '@throughline/portal';
import xz from 'xz-decompress';
import { z } from 'zod';
import { CommandError } from '../command-error.ts';
import { replayedEvents, type ReplayedEvent } from './replay-identity.ts';

/** One state of a day's page, as an archive of revisions has it. */
const Edit = z.object({
  at: z.iso.datetime({ offset: true }),
  day: Day,
  wikitext: z.string().optional(),
  deleted: z.boolean().optional(),
});
export type Edit = z.infer<typeof Edit>;

/** Reads edits from JSON lines, plain, gzipped or xz. Throws a `CommandError` with the line's number. */
export async function* readEdits(file: string): AsyncGenerator<Edit> {
  let number = 0;
  for await (const line of createInterface({ input: plain(file), crlfDelay: Infinity })) {
    number++;
    if (line === '') continue;
    const edit = Edit.safeParse(parsed(line));
    if (!edit.success)
      throw new CommandError(`${file}:${number}: ${z.prettifyError(edit.error).replaceAll('\n', ' ')}`);
    yield edit.data;
  }
}

function plain(file: string): Readable {
  const bytes = createReadStream(file);
  if (file.endsWith('.gz')) return bytes.pipe(createGunzip());
  if (!file.endsWith('.xz')) return bytes;
  return Readable.fromWeb(new xz.XzReadableStream(Readable.toWeb(bytes) as ReadableStream<Uint8Array>) as never);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/**
 * Takes edits in their order through the pipeline's own reading, into a
 * database, as if each were read the moment it was made, and lets settle at the
 * end what has stood long enough. Resolves with every event ever seen.
 */
export async function replay(db: Database, edits: AsyncIterable<Edit>, settleMs: number): Promise<ReplayedEvent[]> {
  const pages = pageStore(db);
  let last = 0;
  for await (const { at, day, wikitext = '', deleted } of edits) {
    last = Math.max(last, Date.parse(at));
    const now = Date.parse(at);
    await ingest('portal', [{ day, title: pageTitle(day), wikitext: deleted ? '' : wikitext, at: now }], {
      pages,
      settleMs,
      now: () => now,
    });
  }
  const decide = (state: Parameters<typeof settle>[0]) => settle(state, last, settleMs);
  while ((await pages.settle('portal', last, settleMs, { decide, readUrl })).pages > 0);
  return replayedEvents(await allRecords(db, 'portal'));
}

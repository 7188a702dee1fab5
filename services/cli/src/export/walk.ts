import type { Day } from '@throughline/core';
import {
  catalogueStore,
  changeStore,
  siteStore,
  type CatalogueStore,
  type Database,
  type SiteStore,
} from '@throughline/db';
import type { Context } from '@throughline/pipeline';
import type { Site } from '@throughline/publish';
import { progress, type Progress } from '@throughline/runtime';
import { siteOf } from '@throughline/web';
import { CommandError } from '../command-error.ts';
import { withRun, type LiveRun } from '../run.ts';
import type { Terminal } from '../terminal.ts';
import { withContext } from '../with-context.ts';
import type { Writer } from './writer.ts';

/** The days that an export is of. */
export interface Span {
  from?: Day;
  to?: Day;
}

export interface Exporting {
  db: Database;
  /** The WebSub hub of the settings. */
  hub: string | undefined;
  site: SiteStore;
  catalogue: CatalogueStore;
  days: Day[];
  /** The last change before it began. */
  seq: number;
  terminal: Terminal;
  /** Says how far it is, and waits where an operator has paused it. */
  report: LiveRun['report'];
}

/** Opens what an export reads, and does it as a run: `form` is what is written. */
export function exporting(
  terminal: Terminal,
  form: string,
  span: Span,
  work: (reading: Exporting) => Promise<void>,
): Promise<void> {
  return withContext(terminal, ({ runs }, { config: { hub }, station: { db } }) =>
    exportRun({ db, runs, hub }, terminal, form, span, work),
  );
}

/** An export as a run, from a database that is open. */
export async function exportRun(
  { db, runs, hub }: Pick<Exporting, 'db' | 'hub'> & Pick<Context, 'runs'>,
  terminal: Terminal,
  form: string,
  { from, to }: Span,
  work: (reading: Exporting) => Promise<void>,
): Promise<void> {
  const site = siteStore(db);
  const seq = await changeStore(db).latest();
  const days = (await site.days(from, to)).map(({ day }) => day);
  await withRun({ runs }, terminal, `export ${form}`, { from, to }, days.length, async ({ signal, report }) => {
    const reading = { db, hub, site, catalogue: catalogueStore(db), days, seq, report };
    await work({ ...reading, terminal: { ...terminal, interrupted: signal } });
    return { days: days.length };
  });
}

/** Hands every day's events to the writers, one day at a time, until done or stopped. */
export async function writeAll(
  { site, catalogue, days, terminal, report }: Exporting,
  writers: readonly Writer[],
  bar?: Progress,
): Promise<void> {
  for (const [at, day] of days.entries()) {
    if (terminal.interrupted.aborted) break;
    const [pages, places] = await Promise.all([site.pagesOf(day), catalogue.placesOf(day)]);
    for (const writer of writers) await writer.write(pages, places);
    bar?.advance(1);
    await report({ finished: at + 1 });
  }
  for (const writer of writers) await writer.end();
  bar?.done();
}

export const barOf = ({ days, terminal }: Pick<Exporting, 'days' | 'terminal'>): Progress =>
  progress({ label: 'export', total: days.length, unit: 'days', stream: terminal.progress });

/** The site whose addresses go into an export. */
export function siteAt(url: string, hub?: string): Site {
  if (!URL.canParse(url))
    throw new CommandError(`${JSON.stringify(url)} is no URL: give the address of the files, as https://news.example`);
  return siteOf({ publicUrl: url, ...(hub !== undefined && { hub }) });
}

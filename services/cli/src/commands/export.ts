import { once } from 'node:events';
import type { WriteStream } from 'node:fs';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Command } from 'commander';
import type { Day } from '@throughline/core';
import { siteStore, type SiteStore } from '@throughline/db';
import { dayPath, eventPath, feeds, formats, frontPath, type Site } from '@throughline/publish';
import { progress } from '@throughline/runtime';
import { CommandError, EXIT } from '../command-error.ts';
import { parseDayArgument } from '../day-argument.ts';
import type { Terminal } from '../terminal.ts';
import { withContext } from '../with-context.ts';
import { exportWarcCommand } from './warc.ts';

interface Span {
  from?: Day;
  to?: Day;
}

export function exportCommand(root: Command, terminal: Terminal): void {
  const command = root.command('export').description('write what is public, or what was captured, to files');
  exportWarcCommand(command, terminal);
  command
    .command('ndjson')
    .description('one JSON line an event, whole: sources, entities, relations with their evidence')
    .option('--out <file>', 'where to write; standard output unless given')
    .option('--from <day>', 'first day', parseDayArgument)
    .option('--to <day>', 'last day', parseDayArgument)
    .action((options: Span & { out?: string }) =>
      walk(terminal, options, (site, days) => exportNdjson(site, days, options.out, terminal)),
    );
  command
    .command('site')
    .description('the pages of the site, as the web service answers them')
    .requiredOption('--out <dir>', 'where to write')
    .option('--url <url>', 'where the files will be found, for feeds and canonical links', 'http://localhost')
    .option('--from <day>', 'first day', parseDayArgument)
    .option('--to <day>', 'last day', parseDayArgument)
    .action((options: Span & { out: string; url: string }) =>
      walk(terminal, options, (site, days) => exportSite(site, days, options, terminal)),
    );
}

async function walk(
  terminal: Terminal,
  { from, to }: Span,
  work: (site: SiteStore, days: Day[]) => Promise<void>,
): Promise<void> {
  await withContext(terminal, async (_context, { station }) => {
    const site = siteStore(station.db);
    await work(
      site,
      (await site.days(from, to)).map(({ day }) => day),
    );
  });
  if (terminal.interrupted.aborted) terminal.exitCode = EXIT.interrupted;
}

async function exportNdjson(
  site: SiteStore,
  days: readonly Day[],
  file: string | undefined,
  terminal: Terminal,
): Promise<void> {
  const stream = file === undefined ? undefined : await writableFile(file);
  const failed = stream && finished(stream).catch((error: unknown) => Promise.reject(notWritten(file ?? '', error)));
  failed?.catch(() => {}); // told where it is awaited
  const write = async (line: string) => {
    if (!stream) return terminal.out(line);
    if (!stream.write(line)) await Promise.race([once(stream, 'drain'), failed]);
  };
  const bar =
    file === undefined
      ? undefined
      : progress({ label: 'export', total: days.length, unit: 'days', stream: terminal.progress });
  for (const day of days) {
    if (terminal.interrupted.aborted) break;
    for (const page of await site.pagesOf(day)) await write(`${JSON.stringify(page)}\n`);
    bar?.advance(1);
  }
  bar?.done();
  stream?.end();
  await failed;
}

async function writableFile(file: string): Promise<WriteStream> {
  const handle = await open(file, 'w').catch((error: unknown) => Promise.reject(notWritten(file, error)));
  return handle.createWriteStream();
}

const notWritten = (file: string, error: unknown): CommandError =>
  new CommandError(`cannot write ${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });

async function exportSite(
  site: SiteStore,
  days: readonly Day[],
  { out, url }: { out: string; url: string },
  terminal: Terminal,
): Promise<void> {
  if (!URL.canParse(url))
    throw new CommandError(`${JSON.stringify(url)} is no URL: give the address of the files, as https://news.example`);
  const about: Site = { name: 'Throughline', origin: new URL(url).origin };
  const bar = progress({ label: 'export', total: days.length, unit: 'days', stream: terminal.progress });
  const keep = async (path: string, text: string) => {
    const file = join(out, decodeURIComponent(path));
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    } catch (error) {
      throw notWritten(file, error);
    }
  };
  for (const day of days) {
    if (terminal.interrupted.aborted) break;
    await exportDay(site, day, about, keep);
    bar.advance(1);
  }
  const front = await site.front();
  for (const format of formats) await keep(frontPath(format.name), format.front(front, about));
  for (const feed of feeds) await keep(feed.path, feed.render(await site.latest(FEED_ITEMS), about));
  bar.done();
}

const FEED_ITEMS = 50;

async function exportDay(
  site: SiteStore,
  day: Day,
  about: Site,
  keep: (path: string, text: string) => Promise<void>,
): Promise<void> {
  const [page, events] = await Promise.all([site.day(day), site.pagesOf(day)]);
  for (const format of formats) {
    if (page) await keep(dayPath(day, format.name), format.day(page, about));
    for (const event of events) await keep(eventPath(event.day, event.slug, format.name), format.event(event, about));
  }
}

import { InvalidArgumentError, Option, type Command } from 'commander';
import { Day } from '@throughline/core';
import { asOf, type Context } from '@throughline/pipeline';
import { siteStore, type SiteStore } from '@throughline/db';
import { EXTENSIONS, formatOf, type Extension, type Site } from '@throughline/publish';
import { CommandError } from '../command-error.ts';
import { findPlace } from '../find-place.ts';
import type { Terminal } from '../terminal.ts';
import { withContext } from '../with-context.ts';

/** Links in what is printed lead nowhere in particular: they are paths. */
const NOWHERE: Site = { name: 'Throughline', origin: '' };

export function showCommand(root: Command, terminal: Terminal): void {
  root
    .command('show')
    .description('print a day or an event')
    .argument('<date|event>', "YYYY-MM-DD, or an event's id, path, slug, or words of its sentence")
    .addOption(new Option('--format <format>', 'how to print it').choices([...EXTENSIONS]).default('md'))
    .addOption(
      new Option(
        '--as-of <instant>',
        'a day as readers saw it then, from the stored revisions: an ISO 8601 instant',
      ).argParser(parseInstant),
    )
    .action(async (what: string, { format, asOf: instant }: { format: Extension; asOf?: number }) => {
      await withContext(terminal, async (context, { station }) => {
        const text =
          instant === undefined
            ? rendered(siteStore(station.db), what, format)
            : earlier(what, instant, format, context);
        terminal.out(await text);
      });
    });
}

async function earlier(what: string, instant: number, ext: Extension, context: Context): Promise<string> {
  const day = Day.safeParse(what);
  if (!day.success)
    throw new CommandError(`--as-of shows a day, and ${JSON.stringify(what)} is none: write YYYY-MM-DD`);
  const events = await asOf('portal', day.data, instant, context);
  const items = events.map(({ id, slug = '', reading }) => ({
    id,
    day: day.data,
    slug,
    ...reading,
    context: [...new Set([...reading.links, ...reading.topics].flatMap(({ title }) => title || []))],
    outlets: [...new Set(reading.sources.flatMap(({ outlet, label }) => outlet ?? (label || [])))],
  }));
  return formatOf(ext).day({ day: day.data, items, updatedAt: new Date(instant).toISOString() }, NOWHERE);
}

function parseInstant(value: string): number {
  const instant = Date.parse(value);
  if (Number.isNaN(instant))
    throw new InvalidArgumentError(`${JSON.stringify(value)} is no instant: write 2017-01-30T12:00Z.`);
  return instant;
}

async function rendered(site: SiteStore, what: string, ext: Extension): Promise<string> {
  const place = await findPlace(site, what);
  const format = formatOf(ext);
  if (place.kind === 'day') {
    const page = await site.day(place.day);
    if (!page)
      throw new CommandError(
        `no events are known for ${place.day}: \`throughline import\` or \`throughline backfill\` reads it`,
      );
    return format.day(page, NOWHERE);
  }
  const page = await site.page(place.id);
  if (!page) throw new CommandError(`event ${place.id} is not public`);
  return format.event(page, NOWHERE);
}

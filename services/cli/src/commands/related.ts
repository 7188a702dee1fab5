import type { Command } from 'commander';
import type { EventPage, RelatedEvent } from '@throughline/core';
import { siteStore } from '@throughline/db';
import { readUrl } from '@throughline/pipeline';
import { CommandError } from '../command-error.ts';
import { findPlace } from '../find-place.ts';
import type { Terminal } from '../terminal.ts';
import { withContext } from '../with-context.ts';

export function relatedCommand(root: Command, terminal: Terminal): void {
  root
    .command('related')
    .description('list what belongs with an event, or with the events that cite an article')
    .argument('<event|url>', "an event's id, path, slug or words, or any spelling of a cited article's URL")
    .option('--explain', 'show every piece of evidence with its weight')
    .option('--json', 'one JSON line an event')
    .action(async (what: string, options: { explain?: boolean; json?: boolean }) => {
      await withContext(terminal, async (context, { station }) => {
        const site = siteStore(station.db);
        const cited = /^https?:/i.test(what) ? readUrl(what) : undefined;
        const citing = cited ? await context.articles.citing(cited.url) : [];
        const ids = citing.length > 0 ? citing : [await eventOf(site, what)];
        for (const id of ids) {
          const page = await site.page(id);
          if (page) terminal.out(options.json ? jsonOf(page) : listOf(page, options.explain ?? false));
        }
      });
    });
}

async function eventOf(site: ReturnType<typeof siteStore>, what: string) {
  const place = await findPlace(site, what);
  if (place.kind === 'event') return place.id;
  throw new CommandError(`${what} is a day: name one of its events (\`throughline show ${what}\` lists them)`);
}

const jsonOf = ({ id, related }: EventPage): string => `${JSON.stringify({ id, related })}\n`;

function listOf(page: EventPage, explain: boolean): string {
  const lines = [`${page.day}  ${page.text}`, ''];
  if (page.related.length === 0) lines.push('nothing is related to it');
  page.related.forEach((one, i) => lines.push(...linesOf(one, i + 1, explain)));
  return `${lines.join('\n')}\n\n`;
}

function linesOf({ day, text, score, context, evidence }: RelatedEvent, ordinal: number, explain: boolean): string[] {
  const head = `${String(ordinal).padStart(2)}. ${score.toFixed(3)}  ${day}  ${text}`;
  if (!explain) return [head, ...(context.length > 0 ? [`      Context: ${context.join(', ')}`] : [])];
  return [
    head,
    ...evidence.map(
      ({ signal, about, weight }) => `      ${weight.toFixed(3).padStart(7)}  ${signal}${about ? `: ${about}` : ''}`,
    ),
  ];
}

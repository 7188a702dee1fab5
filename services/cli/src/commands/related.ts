import type { Command } from 'commander';
import {
  dayOfInstant,
  MOST_RELATED,
  type Day,
  type EventPage,
  type RelatedEvent,
  type Relation,
} from '@throughline/core';
import { catalogueStore, siteStore, type SiteStore } from '@throughline/db';
import { readUrl, relatedToPage, relatedToText, type Context } from '@throughline/pipeline';
import { CommandError } from '../command-error.ts';
import { parseDayArgument } from '../day-argument.ts';
import { findPlace } from '../find-place.ts';
import type { Terminal } from '../terminal.ts';
import { withContext } from '../with-context.ts';

interface Options {
  explain?: boolean;
  json?: boolean;
  day?: Day;
}

export function relatedCommand(root: Command, terminal: Terminal): void {
  root
    .command('related')
    .description('list what belongs with an event, with an article, or with a text of your own, and why')
    .argument('<event|url|text>', "an event's id, path, slug or words; an article's URL, cited or not; any text")
    .option('--day <day>', 'when the text is from; today unless given', parseDayArgument)
    .option('--explain', 'show every piece of evidence with its weight')
    .option('--json', 'one JSON line an event')
    .action(async (what: string, options: Options) => {
      await withContext(terminal, async (context, { station }) => {
        const [site, catalogue] = [siteStore(station.db), catalogueStore(station.db)];
        for (const page of await pagesOf(what, options, { ...context, site, catalogue }, terminal)) {
          terminal.out(options.json ? jsonOf(page) : listOf(page, options.explain ?? false));
        }
      });
    });
}

/** What is listed: an event with its related events, or something that is none. */
type Listed = Pick<EventPage, 'day' | 'text' | 'related'> & { id?: EventPage['id'] };

type Needs = Context & { site: SiteStore; catalogue: ReturnType<typeof catalogueStore> };

async function pagesOf(what: string, options: Options, needs: Needs, terminal: Terminal): Promise<Listed[]> {
  const isUrl = /^https?:/i.test(what);
  const cited = isUrl ? readUrl(what) : undefined;
  const citing = cited ? await needs.articles.citing(cited.url) : [];
  if (citing.length > 0) return knownPages(citing, needs.site);
  if (isUrl && (await leadsNowhere(what, needs.site))) return [await unknownPage(what, needs, terminal)];
  if (/\s/.test(what.trim()) && (await needs.site.find(what, 1)).length === 0)
    return [await ownText(what, options, needs)];
  const place = await findPlace(needs.site, what);
  if (place.kind === 'event') return knownPages([place.id], needs.site);
  throw new CommandError(`${what} is a day: name one of its events (\`throughline show ${what}\` lists them)`);
}

/** Whether a URL is neither an event's nor a day's. */
const leadsNowhere = async (url: string, site: SiteStore): Promise<boolean> =>
  findPlace(site, url).then(
    () => false,
    (error: unknown) => {
      if (error instanceof CommandError) return true;
      throw error;
    },
  );

async function knownPages(ids: readonly EventPage['id'][], site: SiteStore): Promise<Listed[]> {
  const pages = await Promise.all(ids.map((id) => site.page(id)));
  return pages.filter((page) => page !== undefined && page !== null);
}

async function unknownPage(url: string, needs: Needs, terminal: Terminal): Promise<Listed> {
  const answer = await relatedToPage(url, MOST_RELATED, needs, terminal.interrupted);
  if (answer.kind === 'unread')
    throw new CommandError(`no event cites ${url}, and it cannot be read: ${answer.reason}`);
  const day = answer.day ?? today(needs);
  return { day, text: answer.title || url, related: await shown(day, answer.relations, needs) };
}

async function ownText(text: string, options: Options, needs: Needs): Promise<Listed> {
  const day = options.day ?? today(needs);
  const relations = await relatedToText({ text, day, limit: MOST_RELATED }, needs);
  return { day, text, related: await shown(day, relations, needs) };
}

const today = ({ now }: Pick<Context, 'now'>): Day => dayOfInstant(now());

async function shown(day: Day, relations: readonly Relation[], { catalogue }: Needs): Promise<RelatedEvent[]> {
  const events = await catalogue.eventsOf(relations.map(({ to }) => to));
  const byId = new Map(events.map((event) => [event.id, event]));
  return relations.flatMap(({ to, score, evidence }) => {
    const event = byId.get(to);
    if (!event) return [];
    const when = event.day < day ? 'earlier' : event.day > day ? 'later' : 'same-day';
    const context = evidence.flatMap(({ signal, about }) => (signal === 'shared-entity' && about ? [about] : []));
    return [{ id: to, day: event.day, slug: event.slug, text: event.text, when, score, context, evidence }];
  });
}

const jsonOf = ({ id, day, text, related }: Listed): string => `${JSON.stringify({ id, day, text, related })}\n`;

function listOf(page: Listed, explain: boolean): string {
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

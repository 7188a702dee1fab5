import {
  Day,
  dayOfInstant,
  readRevision,
  settle,
  type ArticleId,
  type EventId,
  type PageState,
  type ParsedEvent,
} from '@throughline/core';
import type { SubmittedArticle } from '@throughline/db';
import { reportedEvent } from '@throughline/enrich';
import type { Context } from './context.ts';
import { newEventId, readUrl } from './ingest.ts';

/** The source under which events are kept that were made from a submitted article. */
export const SUBMITTED = 'url';

type Needs = Pick<Context, 'articles' | 'feeds' | 'joins' | 'pages' | 'now'>;

/** An article is of the day of its event, or a few days later or, by its time zone, earlier. */
const DAYS_AROUND = 2;

/**
 * Puts a submitted article that no event cites to the event that it reports,
 * where there is one that it surely does. Says whether it did.
 */
export async function joinReported(id: ArticleId, context: Omit<Needs, 'pages'>): Promise<boolean> {
  const { articles, joins } = context;
  const article = await titled(await articles.submitted(id), context);
  if (!article.submitted || article.events.length > 0 || !article.title) return false;
  if ((await joins.of(id)).event !== null) return true;
  const day = dayOf(article, context.now());
  const description = (await joins.article(id))?.description ?? undefined;
  const report = { title: article.title, description, day };
  const reported = reportedEvent(report, await joins.around(day, DAYS_AROUND));
  if (!reported) return false;
  await joins.join(id, reported);
  return true;
}

/** An article whose page gives no title or date is called what the feed that brought it calls it. */
async function titled(article: SubmittedArticle, { feeds }: Pick<Needs, 'feeds'>): Promise<SubmittedArticle> {
  if (article.title !== null && article.published !== null) return article;
  const item = await feeds.itemOf(article.id);
  return {
    ...article,
    title: article.title ?? item?.title ?? null,
    published: article.published ?? item?.published?.toISOString() ?? null,
  };
}

/**
 * Makes an event of a submitted article that no event cites: its sentence is
 * the article's title, its day the day of publication. Returns the events
 * made; undefined where an event cites the article already or it has no title.
 */
export async function eventOfArticle(id: ArticleId, context: Needs): Promise<EventId[] | undefined> {
  const { articles, pages, joins, now } = context;
  const article = await titled(await articles.submitted(id), context);
  if (!article.submitted || article.events.length > 0 || !article.title) return undefined;
  const at = now();
  const day = dayOf(article, at);
  const item = itemOf(article, article.title);
  const revised = await pages.revise(SUBMITTED, [readingOf(article, day, item)], {
    now: at,
    readUrl,
    decide: {
      read: (state) =>
        readRevision(state, [...itemsOf(state), item], {
          at: Math.max(at, state.seenAt ?? at),
          settleMs: 0,
          newId: newEventId,
        }),
      settle: (state) => settle(state, at, 0),
    },
  });
  await joins.explain(
    id,
    `no event of ${day} or the days beside it is surely the one it reports, so it is one of its own`,
  );
  return revised.behind;
}

function dayOf({ published, capturedAt }: SubmittedArticle, now: number): Day {
  const day = Day.safeParse(published?.slice(0, 10));
  return day.success && day.data <= dayOfInstant(now) ? day.data : dayOfInstant(capturedAt?.getTime() ?? now);
}

const itemOf = ({ citedUrl, siteName }: SubmittedArticle, title: string): ParsedEvent => ({
  text: title,
  section: '',
  topics: [],
  links: [],
  sources: [{ url: citedUrl, label: siteName ?? '', ...(siteName && { outlet: siteName }), form: 'link' }],
  position: 0,
});

/** A page of submitted articles only grows: what it has stays. */
const itemsOf = ({ day, events }: PageState): ParsedEvent[] =>
  events
    .filter((event) => event.day === day && event.goneAt === undefined)
    .map(({ pending, reading }) => pending?.reading ?? reading);

const readingOf = (article: SubmittedArticle, day: Day, item: ParsedEvent) => ({
  day,
  title: `Submitted articles of ${day}`,
  wikitext: article.citedUrl,
  hash: `article:${article.id}`,
  settleMs: 0,
  parsed: { day, wrapper: 'none' as const, sections: [], events: [item], leftovers: [] },
});

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
import type { Context } from './context.ts';
import { newEventId, readUrl } from './ingest.ts';

/** The source under which events are kept that were made from a submitted article. */
export const SUBMITTED = 'url';

type Needs = Pick<Context, 'articles' | 'pages' | 'now'>;

/**
 * Makes an event of a submitted article that no event cites: its sentence is
 * the article's title, its day the day of publication. Returns the events
 * made; undefined where an event cites the article already or it has no title.
 */
export async function eventOfArticle(id: ArticleId, { articles, pages, now }: Needs): Promise<EventId[] | undefined> {
  const article = await articles.submitted(id);
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

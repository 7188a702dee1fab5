import { Day, type Relation } from '@throughline/core';
import type { CatalogueStore } from '@throughline/db';
import { PAGE_TYPES } from '@throughline/fetch';
import { readArticle } from './capture-article.ts';
import type { Context } from './context.ts';
import { relatedToText } from './related-to-text.ts';

/** What is read of an article: names come early, and every word counts. */
const MOST_BODY = 1_500;

/** A page that was asked for once, for somebody who waits for it, and is not kept. */
export type RelatedToPage =
  { kind: 'related'; title: string; day: Day | undefined; relations: Relation[] } | { kind: 'unread'; reason: string };

/** The events that belong with an article that no event cites: with its title, its description and the beginning of its text. */
export async function relatedToPage(
  url: string,
  limit: number,
  needs: Pick<Context, 'fetcher' | 'archive' | 'now'> & { catalogue: Pick<CatalogueStore, 'entitiesWritten'> },
  signal: AbortSignal,
): Promise<RelatedToPage> {
  const fetched = await needs.fetcher.get(url, { signal, accept: PAGE_TYPES });
  if (fetched.kind !== 'ok') return { kind: 'unread', reason: reasonOf(fetched) };
  const { kind, fields, body } = readArticle(fetched);
  const title = fields.title?.value ?? '';
  const text = [title, fields.description?.value ?? '', body.slice(0, MOST_BODY)].filter(Boolean).join('. ');
  if (kind === 'bot-wall' || text === '')
    return { kind: 'unread', reason: kind === 'article' ? 'it has no text' : kind };
  const day = Day.safeParse(fields.published?.value.slice(0, 10)).data;
  return { kind: 'related', title, day, relations: await relatedToText({ text, day, limit }, needs) };
}

function reasonOf(fetched: { kind: string; reason?: unknown; detail?: unknown }): string {
  const facts = [fetched.reason, fetched.detail].filter((fact) => typeof fact === 'string' && fact !== '');
  return facts.length > 0 ? facts.join(': ') : fetched.kind;
}

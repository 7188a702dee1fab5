import { randomUUID } from 'node:crypto';
import { checkSubmittable, Day, hostOf, type Relation } from '@throughline/core';
import { PAGE_TYPES, type Fetched } from '@throughline/fetch';
import { askInTurn } from './ask-in-turn.ts';
import type { Context } from './context.ts';
import { takeHost, type PoliteNeeds } from './polite-host.ts';
import { relatedToText } from './related-to-text.ts';

/** What is read of an article: names come early, and every word counts. */
const MOST_BODY = 1_500;
/** How long somebody waits for the host's turn. */
const WAIT_MS = 10_000;

/** A page that was asked for once, for somebody who waits for it, and is not kept. */
export type RelatedToPage =
  { kind: 'related'; title: string; day: Day | undefined; relations: Relation[] } | { kind: 'unread'; reason: string };

/**
 * The events that belong with an article that no event cites: with its title,
 * its description and the beginning of its text. Its host is asked as for any
 * article: in its turn, and by its robots.txt.
 */
export async function relatedToPage(
  url: string,
  limit: number,
  needs: PoliteNeeds & Pick<Context, 'worker' | 'archive' | 'events' | 'entities' | 'readPage'>,
  signal: AbortSignal,
): Promise<RelatedToPage> {
  const fetched = await askOnce(url, needs, signal);
  if (typeof fetched === 'string') return { kind: 'unread', reason: fetched };
  if (fetched.kind !== 'ok') return { kind: 'unread', reason: reasonOf(fetched) };
  const read = await needs.readPage(fetched);
  if (read.kind === 'unreadable') return { kind: 'unread', reason: read.reason };
  const { kind, fields, body } = read.article;
  const title = fields.title?.value ?? '';
  const text = [title, fields.description?.value ?? '', body.slice(0, MOST_BODY)].filter(Boolean).join('. ');
  if (kind === 'bot-wall' || text === '')
    return { kind: 'unread', reason: kind === 'article' ? 'it has no text' : kind };
  const day = Day.safeParse(fields.published?.value.slice(0, 10)).data;
  return { kind: 'related', title, day, relations: await relatedToText({ text, day, limit }, needs) };
}

/** The answer of the URL's host, at its turn and as far as its robots.txt allows, or why it was not asked. */
async function askOnce(
  given: string,
  needs: PoliteNeeds & Pick<Context, 'worker'>,
  signal: AbortSignal,
): Promise<Fetched | string> {
  const checked = checkSubmittable(given);
  if (!checked.ok) return checked.problem;
  const { url } = checked;
  const host = await takeHost(hostOf(url) ?? '', `${needs.worker}:${randomUUID()}`, needs);
  if (!host) return 'a worker is asking its host just now, or an operator has blocked it';
  try {
    const turn = { signal, longestWaitMs: WAIT_MS, accept: PAGE_TYPES };
    return (
      (await askInTurn(url, host, needs.fetcher, turn)) ?? 'its host asks for a longer pause; try again in a minute'
    );
  } finally {
    await host.release();
  }
}

function reasonOf(fetched: { kind: string; reason?: unknown; detail?: unknown }): string {
  const facts = [fetched.reason, fetched.detail].filter((fact) => typeof fact === 'string' && fact !== '');
  return facts.length > 0 ? facts.join(': ') : fetched.kind;
}

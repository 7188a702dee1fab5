import { checkSubmittable } from '@throughline/core';
import { defineStage, done, reject, request, skip, type Outcome } from '@throughline/queue';
import type { Context } from '../context.ts';
import { readUrl } from '../ingest.ts';
import { captureJob, submitJob } from '../jobs.ts';

type Needs = Pick<Context, 'articles'>;

/**
 * submit: a URL from another program → an article, and `capture` of its host.
 *
 * The same as `POST /v1/articles`. A URL that cannot be fetched is rejected,
 * with the reason; one that is known already makes nothing new.
 */
export const submit = defineStage(submitJob, async ({ url }, { articles }: Needs): Promise<Outcome> => {
  const checked = checkSubmittable(url);
  if (!checked.ok) return reject(checked.problem);
  const cited = readUrl(checked.url);
  if (!cited) return reject(`${JSON.stringify(checked.url)} cannot be fetched: give an http or https URL`);
  const { id, state } = await articles.submit(cited);
  return state === 'waiting' ? done([request(captureJob, { host: cited.host })]) : skip(`article ${id} is ${state}`);
});

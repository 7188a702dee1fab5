/** Reads pages for `page-thread.ts`, one after another, in a thread of its own. It loads nothing but the extractor. */
import { parentPort } from 'node:worker_threads';
import { extract } from '@throughline/extract';
import type { Answer, Question } from './page-thread.ts';

const answer = (given: Answer) => parentPort?.postMessage(given, []);

parentPort?.on('message', ({ html, url }: Question) => {
  try {
    answer({ kind: 'read', article: extract(html, { url, wantBody: true }) });
  } catch (error) {
    answer({ kind: 'unreadable', reason: String(error) });
  }
});
answer({ kind: 'ready' });

/** Reads pages for `page-reader.ts`, one after another, in a thread of its own. It loads nothing but the extractor. */
import { parentPort } from 'node:worker_threads';
import { extract } from '@throughline/extract';
import type { Question, Answer } from './page-reader.ts';

const answer = (given: Answer) => parentPort?.postMessage(given, []);

parentPort?.on('message', ({ id, html, url }: Question) => {
  answer({ id, article: extract(html, { url, wantBody: true }) });
});
answer({ id: 0 });

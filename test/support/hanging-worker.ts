/**
 * A process that takes one job and never ends it: for tests that kill it.
 * Arguments: the queue's URL, its prefix, how long its locks last (ms).
 */
import { defineJob, defineStage, openQueue } from '@throughline/queue';
import { z } from 'zod';

const [url = '', prefix = '', lockMs = ''] = process.argv.slice(2);
const job = defineJob({ name: 'echo', payload: z.object({ word: z.string() }), key: ({ word }) => word });
const queue = await openQueue({ url, prefix, lockMs: Number(lockMs), jobs: [job], log: console });
const hang = defineStage(job, async ({ word }) => {
  process.stdout.write(`took ${word}\n`);
  return new Promise(() => setInterval(() => {}, 1_000));
});
await queue.work(hang, {}, () => {});

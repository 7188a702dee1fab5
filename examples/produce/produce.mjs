// Hands article URLs to a Throughline whose queue is in Redis, as any program with BullMQ can.
//
//   REDIS_URL=redis://127.0.0.1:6379 node examples/produce/produce.mjs URL…
//
// The contract is docs/queue.md.
import { Queue } from 'bullmq';

const urls = process.argv.slice(2);
const { REDIS_URL } = process.env;
if (urls.length === 0 || !REDIS_URL) {
  console.error('usage: REDIS_URL=redis://HOST:PORT node examples/produce/produce.mjs URL…');
  process.exit(2);
}

const queue = new Queue('submit', {
  connection: { url: REDIS_URL, maxRetriesPerRequest: 2, enableOfflineQueue: false },
  prefix: 'throughline',
});
queue.on('error', (error) => {
  console.error(`cannot reach the queue at ${new URL(REDIS_URL).host}: ${error.message}`);
  process.exit(1);
});
await queue.waitUntilReady();
const jobs = await queue.addBulk(
  urls.map((url) => ({
    name: 'submit',
    data: { version: 1, url },
    opts: {
      attempts: 5,
      backoff: { type: 'exponential', delay: 1_000, jitter: 0.5 },
      deduplication: { id: url },
      removeOnComplete: true,
      removeOnFail: { age: 14 * 86_400 },
    },
  })),
);
jobs.forEach(({ id }, at) => console.log(`${id} ${urls[at]}`));
await queue.close();

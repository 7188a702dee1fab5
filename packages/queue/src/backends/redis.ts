import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { Backend, BackendKind, BackendOptions, QueueLog } from '../backend.ts';
import { redacted } from '../redacted.ts';
import { overStore } from './bullmq.ts';

/** Queues in Redis 6.2 or later: more jobs a second, and one more server to keep. */
export const redis: BackendKind = {
  name: 'redis',
  protocols: ['redis:', 'rediss:'],
  durable: true,
  open: openRedisQueue,
};

async function openRedisQueue(options: BackendOptions): Promise<Backend> {
  await probe(options.url, options.log);
  // Workers must outwait a restart of Redis, however long it takes.
  const shared = {
    connection: { url: options.url, maxRetriesPerRequest: null },
    prefix: options.prefix ?? 'throughline',
  };
  return overStore(
    {
      name: 'redis',
      queue: (job) => new Queue(job, shared),
      worker: (job, process, tuning) => new Worker(job, process, { ...shared, ...tuning }),
      isTransient: () => false,
      close: async () => {},
    },
    options,
  );
}

/** Fails at once where BullMQ would try for ever, and warns of a Redis that would forget jobs. */
async function probe(url: string, log: QueueLog): Promise<void> {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 5_000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let lost: Error | undefined;
  client.on('error', (error) => (lost = error));
  try {
    await client.connect();
    await client.ping();
    await warnOfEviction(client, log);
  } catch (error) {
    const reason = lost ?? (error as Error);
    throw new Error(
      `cannot reach Redis for the queue at ${redacted(url)}: ${reason.message || (reason as { code?: string }).code}. Is it running, and is REDIS_URL right?`,
      { cause: error },
    );
  } finally {
    client.disconnect();
  }
}

async function warnOfEviction(client: Redis, log: QueueLog): Promise<void> {
  const answer = await client.config('GET', 'maxmemory-policy').catch(() => null); // not allowed on some hosted ones
  const policy = Array.isArray(answer) ? String(answer[1]) : null;
  if (policy === null || policy === 'noeviction') return;
  log.warn(
    { policy },
    `Redis may throw jobs away when it is full: its maxmemory-policy is ${policy}, set it to noeviction`,
  );
}

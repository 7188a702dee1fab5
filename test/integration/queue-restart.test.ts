import { defineJob, defineStage, done, openQueue, request } from '@throughline/queue';
import { startEmbeddedPostgres } from '@throughline/runtime';
import { freePort, startRedis } from '@throughline/test';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { z } from 'zod';

const job = defineJob({
  name: 'echo',
  payload: z.object({ n: z.number() }),
  key: ({ n }) => String(n),
  backoffMs: 100,
});
const wishes = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => request(job, { n: from + i }));

interface Server {
  url: string;
  stop: () => Promise<void>;
}

const postgres = (directory: string): Promise<Server> =>
  startEmbeddedPostgres({ dataDirectory: directory, log: { info() {} } });

const port = await freePort();
async function redis(directory: string): Promise<Server> {
  const server = await startRedis(directory, port);
  if (!server) throw new Error('no redis-server on the PATH');
  return server;
}

const probe = await mkdtemp(join(tmpdir(), 'throughline-probe-'));
const hasRedis = await startRedis(probe, port).then(async (server) => server && (await server.stop(), true));
await rm(probe, { recursive: true, force: true });
if (!hasRedis && !process.env['REQUIRE_ALL']) console.warn('\nNOT RUN: a restart of Redis, for want of redis-server\n');

const servers = { postgres, ...(hasRedis || process.env['REQUIRE_ALL'] ? { redis } : {}) };

it.each(Object.entries(servers))('works on after its %s was away, and forgets nothing', async (_, start) => {
  const directory = await mkdtemp(join(tmpdir(), 'throughline-restart-'));
  await chmod(directory, 0o755);
  let server = await start(directory);
  const { url } = server;
  const errors: string[] = [];
  const log = { warn() {}, error: (_facts: object, message: string) => void errors.push(message) };
  const queue = await openQueue({ url, jobs: [job], log, lockMs: 2_000 });
  const heard = new Set<number>();
  const stage = defineStage(job, async ({ n }) => {
    await sleep(10);
    heard.add(n);
    return done();
  });
  try {
    await queue.work(stage, {}, () => {}, { concurrency: 2 });
    await queue.enqueue(wishes(0, 300));
    await vi.waitFor(() => expect(heard.size).toBeGreaterThan(20), 20_000);

    await server.stop();
    await sleep(1_500);
    const before = heard.size;
    server = await start(directory);
    expect(server.url).toBe(url);
    await queue.enqueue(wishes(300, 320));
    await vi.waitFor(() => expect(heard.size).toBe(320), 30_000);
    expect(before).toBeLessThan(300); // else nothing was in the way
    await queue.idle({ delayed: true, signal: AbortSignal.timeout(15_000) });
    expect(errors.length).toBeLessThan(30); // it was told, but not a thousand times
  } finally {
    await queue.close();
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  }
});

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestRedis {
  url: string;
  stop: () => Promise<void>;
}

/**
 * A Redis for one test file: `TEST_REDIS_URL` or `REDIS_URL` when set, else a
 * `redis-server` of its own on a free port, else null.
 */
export async function testRedis(): Promise<TestRedis | null> {
  const given = process.env['TEST_REDIS_URL'] ?? process.env['REDIS_URL'];
  if (given) return { url: given, stop: async () => {} };
  const directory = await mkdtemp(join(tmpdir(), 'throughline-redis-'));
  const redis = await startRedis(directory, await freePort());
  const clear = () => rm(directory, { recursive: true, force: true });
  if (!redis) {
    await clear();
    return null;
  }
  return { url: redis.url, stop: () => redis.stop().then(clear) };
}

/** A `redis-server` with its files in `directory`, where it finds again what it knew; null where there is no such program. */
export async function startRedis(directory: string, port: number): Promise<TestRedis | null> {
  const keep = ['--appendonly', 'yes', '--save', '', '--dir', directory];
  const options = ['--port', String(port), '--bind', '127.0.0.1', ...keep];
  const child = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()));
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  const ready = new Promise<true>((resolve) =>
    child.stdout.on('data', (text: Buffer) => text.includes('Ready to accept') && resolve(true)),
  );
  const stop = async () => {
    kill();
    process.removeListener('exit', kill);
    await ended;
  };
  if (await Promise.race([ready, ended])) return { url: `redis://127.0.0.1:${port}`, stop };
  await stop();
  return null;
}

/** A port that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

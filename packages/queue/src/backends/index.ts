import type { Backend, BackendKind, BackendOptions } from '../backend.ts';
import { redacted } from '../redacted.ts';
import { memory } from './memory.ts';
import { postgres } from './postgres.ts';
import { redis } from './redis.ts';

/** Every place where queues can live. To add one: a file here, and a line in this list. */
export const backends: readonly BackendKind[] = [postgres, redis, memory];

/**
 * Opens the queue at `url`: `postgres://…`, `redis://…`, `rediss://…`, or
 * `memory:` (gone with the process). Throws an `Error` with one clear line
 * when it cannot be reached.
 */
export async function openQueue(options: BackendOptions): Promise<Backend> {
  const protocol = URL.canParse(options.url) ? new URL(options.url).protocol : '';
  const kind = backends.find(({ protocols }) => protocols.includes(protocol));
  if (!kind) {
    const known = backends.flatMap(({ protocols }) => protocols).join(', ');
    throw new Error(`no queue backend for ${redacted(options.url)}: the URL must begin with one of ${known}`);
  }
  return kind.open(options);
}

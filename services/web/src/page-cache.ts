import type { Prepared } from './answer.ts';

export interface PageCacheOptions {
  /** Of all pages together. */
  maxBytes?: number;
  /** A page is made anew after this time even where nothing is known to have changed. */
  maxAgeMs?: number;
}

/** Gives the page under `key`, made by `make` where none is kept; what is not `Prepared` is never kept. */
export type PageCache = <T>(key: string, make: () => Promise<Prepared | T>) => Promise<Prepared | T>;

interface Entry {
  revision: unknown;
  madeAt: number;
  prepared: Prepared;
}

/** Headers, key and bookkeeping of an entry, roughly. */
const ENTRY_OVERHEAD_BYTES = 1_024;

/**
 * Keeps pages as they were last sent, the least recently used out first. A
 * kept page is given only while `revision` still answers what it did before
 * the page was made, asked after the request came: readers never see less than
 * was committed when they asked.
 */
export function pageCache(
  revision: () => Promise<unknown>,
  { maxBytes = 64 * 1_024 * 1_024, maxAgeMs = 30_000 }: PageCacheOptions = {},
): PageCache {
  const entries = new Map<string, Entry>();
  const current = joined(revision);
  let bytes = 0;

  const drop = (key: string): void => {
    bytes -= sizeOf(entries.get(key));
    entries.delete(key);
  };
  const keep = (key: string, entry: Entry): void => {
    drop(key);
    if (sizeOf(entry) > maxBytes / 8) return;
    entries.set(key, entry);
    bytes += sizeOf(entry);
    for (const oldest of entries.keys()) {
      if (bytes <= maxBytes) break;
      drop(oldest);
    }
  };

  return async (key, make) => {
    const now = await current();
    const entry = entries.get(key);
    if (entry && entry.revision === now && performance.now() - entry.madeAt < maxAgeMs) {
      entries.delete(key);
      entries.set(key, entry);
      return entry.prepared;
    }
    const made = await make();
    if (isPrepared(made)) keep(key, { revision: now, madeAt: performance.now(), prepared: made });
    return made;
  };
}

const sizeOf = (entry: Entry | undefined): number => (entry ? entry.prepared.bytes.length + ENTRY_OVERHEAD_BYTES : 0);

const isPrepared = (value: unknown): value is Prepared =>
  typeof value === 'object' && value !== null && 'bytes' in value && 'etag' in value;

/**
 * One question at a time, however many ask. Who asks while one is under way
 * shares the next, so every answer is from after its own asking.
 */
export function joined<T>(ask: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  let next: Promise<T> | undefined;
  const start = (): Promise<T> => {
    const own: Promise<T> = ask().finally(() => {
      if (running === own) running = undefined;
    });
    running = own;
    return own;
  };
  const startNext = (): Promise<T> => {
    next = undefined;
    return start();
  };
  return () => {
    if (!running) return start();
    next ??= running.then(startNext, startNext);
    return next;
  };
}

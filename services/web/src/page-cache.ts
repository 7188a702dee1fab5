import type { Prepared } from './answer.ts';
import type { News } from './reader.ts';

export interface PageCacheOptions {
  /** Of all pages together. */
  maxBytes?: number;
  /** A page is made anew after this time even where nothing is known to have changed. */
  maxAgeMs?: number;
}

/** A page with the things it shows, by the names that news give them; without them any news makes it old. */
export interface Drawn {
  prepared: Prepared;
  shows?: readonly string[];
}

export interface PageCache {
  /** The page under `key`, made by `make` where none is kept; what is not drawn is never kept. */
  page<T extends object>(key: string, make: () => Promise<Drawn | T>): Promise<Prepared | T>;
  /** Whether one is kept, current or not: then `kept` may be worth waiting for. */
  has(key: string): boolean;
  /** The page under `key` if it is kept and current. */
  kept(key: string): Promise<Prepared | undefined>;
}

interface Entry {
  madeAt: number;
  prepared: Prepared;
  shows: readonly string[];
}

/** Headers, key and bookkeeping of an entry, roughly. */
const ENTRY_OVERHEAD_BYTES = 1_024;

/** What pages show that may have anything on them: no thing is called so. */
const ANYTHING: readonly string[] = [''];

/**
 * Keeps pages as they were last sent, the least recently used out first. A kept
 * page is given only after asking for news, and news of a thing take away the
 * pages that show it: readers never see less than was committed when they asked.
 */
export function pageCache(
  news: (after: number | undefined) => Promise<News>,
  { maxBytes = 64 * 1_024 * 1_024, maxAgeMs = 300_000 }: PageCacheOptions = {},
): PageCache {
  const entries = new Map<string, Entry>();
  const showing = new Map<string, Set<string>>();
  const making = new Map<string, { seq: number; made: Promise<Prepared | object> }>();
  let bytes = 0;
  let known: number | undefined;

  const drop = (key: string): void => {
    const entry = entries.get(key);
    if (!entry) return;
    entries.delete(key);
    bytes -= sizeOf(entry);
    for (const thing of entry.shows) {
      const keys = showing.get(thing);
      keys?.delete(key);
      if (keys?.size === 0) showing.delete(thing);
    }
  };
  const keep = (key: string, entry: Entry): void => {
    drop(key);
    if (sizeOf(entry) > maxBytes / 8) return;
    entries.set(key, entry);
    bytes += sizeOf(entry);
    for (const thing of entry.shows) showing.set(thing, (showing.get(thing) ?? new Set()).add(key));
    for (const oldest of entries.keys()) {
      if (bytes <= maxBytes) break;
      drop(oldest);
    }
  };
  const current = joined(async () => {
    const { seq, touched } = await news(known);
    if (seq !== known) {
      const old = touched
        ? [...touched, ...ANYTHING].flatMap((thing) => [...(showing.get(thing) ?? [])])
        : entries.keys();
      for (const key of old) drop(key);
    }
    known = seq;
    return seq;
  });
  const fresh = (key: string): Prepared | undefined => {
    const entry = entries.get(key);
    if (!entry || performance.now() - entry.madeAt >= maxAgeMs) return undefined;
    entries.delete(key); // to the end: the least recently used are the first
    entries.set(key, entry);
    return entry.prepared;
  };
  const madeNow = async <T extends object>(
    key: string,
    seq: number,
    make: () => Promise<Drawn | T>,
  ): Promise<Prepared | T> => {
    const made = await make();
    if (!isDrawn(made)) return made;
    const { prepared, shows = ANYTHING } = made;
    // What was begun before the last news may be of before it.
    if (known === seq) keep(key, { madeAt: performance.now(), prepared, shows });
    return prepared;
  };

  return {
    has: (key) => entries.has(key),
    async kept(key) {
      await current();
      return fresh(key);
    },
    async page<T extends object>(key: string, make: () => Promise<Drawn | T>) {
      const seq = await current();
      const kept = fresh(key);
      if (kept) return kept;
      const underway = making.get(key);
      if (underway?.seq === seq) return underway.made as Promise<Prepared | T>;
      const made = madeNow(key, seq, make).finally(() => {
        if (making.get(key)?.made === made) making.delete(key);
      });
      making.set(key, { seq, made });
      return made;
    },
  };
}

const sizeOf = ({ prepared, shows }: Entry): number => prepared.bytes.length + ENTRY_OVERHEAD_BYTES + shows.length * 64;

const isDrawn = (value: object): value is Drawn => 'prepared' in value;

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

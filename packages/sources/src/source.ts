import type { Day } from '@throughline/core';

/** What asking a source for one of its days came to. */
export type SourceRead =
  | {
      kind: 'page';
      day: Day;
      title: string;
      wikitext: string;
      revision?: number;
      parent?: number;
      /** The revision's own time, milliseconds since the epoch; absent where the source does not say. */
      at?: number;
    }
  /** There is no such page, which is no error: days to come have none. */
  | { kind: 'missing'; day: Day; title: string }
  | { kind: 'failed'; day: Day; title: string; reason: string };

/** A place where pages of events come from. */
export interface Source {
  readonly name: string;
  /** Reads the pages of these days, in any order, one result a day. Rejects only when `signal` aborts. */
  read(days: readonly Day[], options: { signal: AbortSignal }): AsyncIterable<SourceRead>;
  /**
   * The days to read (again) at `now` (milliseconds since the epoch), given when
   * each was last read. A source without it is read only when asked to.
   */
  due?(now: number, readTimes: (from: Day, to: Day) => Promise<ReadonlyMap<Day, number>>): Promise<Day[]>;
}

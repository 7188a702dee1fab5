import { count, FAST_DAYS, fading, SLOW_DAYS, type Fading } from './fading.ts';
import { hashText } from './hash.ts';

/** What is known of a page title. */
export interface Title {
  title: string;
  hash: number;
  linked: number;
  /** How often it was a header. */
  asTopic: number;
  slow: Fading;
  fast: Fading;
  topicSlow: Fading;
  lastDay: number;
  /** How often it stood in for the blank of another title: countries do. */
  asFiller: number;
}

export interface Titles {
  get(title: string): Title | undefined;
  linked(title: string, day: number): Title;
  headed(title: string, day: number): void;
  readonly size: number;
}

export function createTitles(): Titles {
  const titles = new Map<string, Title>();

  function use(title: string, day: number): Title {
    let known = titles.get(title);
    if (known === undefined) titles.set(title, (known = newTitle(title, day)));
    count(known.slow, day, SLOW_DAYS);
    count(known.fast, day, FAST_DAYS);
    known.lastDay = Math.max(known.lastDay, day);
    return known;
  }

  return {
    get: (title) => titles.get(title),
    linked(title, day) {
      const known = use(title, day);
      known.linked++;
      return known;
    },
    headed(title, day) {
      const known = use(title, day);
      known.asTopic++;
      count(known.topicSlow, day, SLOW_DAYS);
    },
    get size() {
      return titles.size;
    },
  };
}

const newTitle = (title: string, day: number): Title => ({
  title,
  hash: hashText(title),
  linked: 0,
  asTopic: 0,
  slow: fading(),
  fast: fading(),
  topicSlow: fading(),
  lastDay: day,
  asFiller: 0,
});

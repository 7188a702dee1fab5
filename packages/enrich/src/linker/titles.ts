import { count, FAST_DAYS, fading, SLOW_DAYS, type Fading } from './fading.ts';
import { hashText } from './hash.ts';
import { createTextTable } from './text-table.ts';

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
  /** By pattern with a blank that it filled: all titles that did. */
  filled: ReadonlySet<Title>[];
  /** Of the last pattern that makes this title: all titles that filled it. */
  made: ReadonlySet<Title> | undefined;
  /** Titles within its words, as found when it had been linked so often. */
  parts: { linked: number; titles: readonly Title[] } | undefined;
}

export interface Titles {
  get(title: string): Title | undefined;
  /** The title that is the stretch of `text` from `start` to `end`, whose `hashText` is `hash`. */
  within(text: string, start: number, end: number, hash: number): Title | undefined;
  linked(title: string, day: number): Title;
  headed(title: string, day: number): void;
  /** Titles of two words and more that end in this one, the latest last: whom a surname may mean. */
  endingIn(word: string): readonly Title[];
  /** Titles that are the same but for capitals, accents and dashes. */
  alike(text: string): readonly Title[];
  /** Takes out the titles that are not to be kept. */
  keep(isKept: (title: Title) => boolean): void;
  values(): Iterable<Title>;
  readonly size: number;
}

/** Titles kept for one last word; the one longest out of the news gives way. */
const MAX_NAMESAKES = 8;
const NOBODY: readonly Title[] = [];

export function createTitles(): Titles {
  const titles = createTextTable<Title>();
  const byLastWord = new Map<string, Title[]>();
  const forms = new Map<string, Title[]>();

  function keepLast(known: Title): void {
    const word = lastWordOf(known.title);
    if (word === undefined) return;
    const namesakes = byLastWord.get(word) ?? [];
    byLastWord.set(word, namesakes);
    const at = namesakes.indexOf(known);
    if (at >= 0) namesakes.splice(at, 1);
    else if (namesakes.length >= MAX_NAMESAKES) namesakes.shift();
    namesakes.push(known);
  }

  function use(title: string, day: number): Title {
    let known = titles.get(title);
    if (known === undefined) {
      titles.set(title, (known = newTitle(title, day)));
      const form = plainForm(title);
      const same = forms.get(form);
      if (same === undefined) forms.set(form, [known]);
      else same.push(known);
    }
    count(known.slow, day, SLOW_DAYS);
    count(known.fast, day, FAST_DAYS);
    known.lastDay = Math.max(known.lastDay, day);
    keepLast(known);
    return known;
  }

  return {
    get: (title) => titles.get(title),
    within: (text, start, end, hash) => titles.within(text, start, end, hash),
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
    alike: (text) => forms.get(plainForm(text)) ?? NOBODY,
    endingIn: (word) => byLastWord.get(word) ?? NOBODY,
    keep(isKept) {
      titles.keep(isKept);
      keepIn(byLastWord, isKept);
      keepIn(forms, isKept);
    },
    values: () => titles.values(),
    get size() {
      return titles.size;
    },
  };
}

function keepIn(lists: Map<string, Title[]>, isKept: (title: Title) => boolean): void {
  for (const [key, list] of lists) {
    const kept = list.filter(isKept);
    if (kept.length === 0) lists.delete(key);
    else if (kept.length < list.length) lists.set(key, kept);
  }
}

const plainForm = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[-–—‑]/g, ' ')
    .replace(/[’ʻ`']/g, '')
    .toLowerCase();

/** The last word of a title of several, what is in brackets or behind a comma left out. */
function lastWordOf(title: string): string | undefined {
  const bare = title.replace(/(?: \(|,).*$/s, '');
  const at = bare.lastIndexOf(' ');
  return at < 0 ? undefined : bare.slice(at + 1);
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
  parts: undefined,
  filled: [],
  made: undefined,
});

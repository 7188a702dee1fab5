import { textKey } from './plain.ts';
import { parseAddress } from './url.ts';

/** A segment of a path with fewer words than this says nothing of the headline. */
const MIN_WORDS = 3;
/** Shorter words stand in any headline. */
const MIN_LENGTH = 3;

/** The words of the address's segment that has most of them: what the outlet made of the headline once. Empty where none has three. */
export function slugWordsOf(url: string): ReadonlySet<string> {
  const segments = (parseAddress(url)?.pathname ?? '').slice(0, 1_000).split('/');
  const words = segments.map((segment) => new Set(wordsOf(decoded(segment).replace(/\.\w{2,5}$/, ''))));
  const most = words.reduce((best, own) => (own.size > best.size ? own : best), new Set<string>());
  return most.size < MIN_WORDS ? new Set() : most;
}

const wordsOf = (text: string): string[] =>
  folded(text)
    .split(' ')
    .filter((word) => word.length >= MIN_LENGTH && /^\p{L}+$/u.test(word));

/** Which share of the slug's words a text has, 0..1; 0 for no slug. Umlauts count as one letter or as two. */
export function slugShare(text: string, slug: ReadonlySet<string>): number {
  if (slug.size === 0) return 0;
  const words = new Set([...folded(text).split(' '), ...folded(withDigraphs(text)).split(' ')]);
  let found = 0;
  for (const word of slug) if (words.has(word)) found++;
  return found / slug.size;
}

const folded = (text: string): string =>
  textKey(
    text
      .normalize('NFD')
      .replace(/\p{M}+/gu, '')
      .replaceAll('ß', 'ss'),
  );

const DIGRAPHS: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', ø: 'oe', å: 'aa', æ: 'ae' };

const withDigraphs = (text: string): string =>
  text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[äöüøåæ]/g, (letter) => DIGRAPHS[letter]!);

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

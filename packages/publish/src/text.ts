// C0 and C1 controls but tab, line feed and carriage return; lone surrogates; U+FFFE and U+FFFF.
// These are what XML 1.0 forbids (and discourages), and no page shows them.
// eslint-disable-next-line no-control-regex
const UNSHOWABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]|\p{Cs}/gu;

/** The text without characters that XML 1.0 forbids or no page can show. */
export const clean = (text: string): string => text.replace(UNSHOWABLE, '');

// Whatever `oneLine` might change: most texts have none of it, and most of a page is such texts.
// eslint-disable-next-line no-control-regex
const UNUSUAL = /[\u0000-\u001f\u007f-\u009f\ud800-\udfff\ufffe\uffff]|[^\S ]| {2}/;

/** The text on one line: cleaned, white space folded, trimmed. */
export const oneLine = (text: string): string =>
  (UNUSUAL.test(text)
    ? clean(text).replace(/[^\S ]\s*| \s+/g, ' ') // a single space is left alone: a long text has a million of them
    : text
  ).trim();

/** At most `max` UTF-16 units, cut at a word where one ends in the last third, then `…`. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const head = text.slice(0, max - 1).replace(/\p{Cs}$/u, '');
  const end = head.lastIndexOf(' ');
  return `${(end > (max * 2) / 3 ? head.slice(0, end) : head).trimEnd()}…`;
}

/** A longer sentence is read on its own page. */
export const LISTED_LENGTH = 1_000;

/** A sentence as lists show it: on one line, and no more of it than anybody reads there. */
export const inList = (text: string): string => cut(oneLine(text), LISTED_LENGTH);

/** So much of a sentence is shown: of more, a browser takes seconds for each megabyte to set it. */
export const SHOWN_LENGTH = 20_000;

/** A sentence as its own page shows it: by its beginning, where no reader would come to its end. */
export const inFull = (text: string): string => cut(text, SHOWN_LENGTH);

/** `a, b and c`. */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** `1 source`, `2,000 sources`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

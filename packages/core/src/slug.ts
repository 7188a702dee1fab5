const MAX_LENGTH = 140;

/** So much of a text is read: more than any sentence has, and enough for a slug whatever stands between its words. */
const MAX_TEXT = 10_000;

/** The slug that nothing may have: its page would be the index of the pages beside it. */
export const RESERVED_SLUG = 'index';

/** Letters that do not decompose into a Latin base letter and marks. Source: Unicode's CLDR Latin-ASCII transform. */
const LETTERS: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ħ: 'h',
  ı: 'i',
  ŋ: 'n',
  ŧ: 't',
  ĸ: 'q',
  ſ: 's',
  ə: 'e',
  ƒ: 'f',
  ɓ: 'b',
  ɗ: 'd',
  ƙ: 'k',
  ŀ: 'l',
  ŉ: 'n',
  ǝ: 'e',
  ɛ: 'e',
  ɔ: 'o',
  ʻ: '',
  ʼ: '',
  ʿ: '',
  ʾ: '',
};

/**
 * The path segment for a sentence or title: ASCII lower case, words joined by
 * one hyphen, at most 140 characters, cut at a word. The same for composed and
 * decomposed spellings (NFC, NFD). Scripts without a Latin folding keep their
 * letters; a text with no letter or digit gives `item`, and one whose slug is
 * reserved gets a number. Of a longer text the first 10,000 characters count.
 */
export function slugOf(text: string): string {
  const folded = text
    .slice(0, MAX_TEXT)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^\p{ASCII}]/gu, (letter) => LETTERS[letter] ?? letter)
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .normalize('NFC');
  const slug = cutAtWord(folded) || 'item';
  return slug === RESERVED_SLUG ? `${RESERVED_SLUG}-1` : slug;
}

function cutAtWord(slug: string): string {
  if (slug.length <= MAX_LENGTH) return slug;
  const cut = slug.slice(0, MAX_LENGTH + 1);
  const end = cut.lastIndexOf('-');
  return end > 0
    ? cut.slice(0, end)
    : Array.from(slug).reduce((out, letter) => ((out + letter).length <= MAX_LENGTH ? out + letter : out), '');
}

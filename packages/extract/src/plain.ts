import { decodeHTML } from 'entities';
import { foldSpace } from './html/text.ts';

/** Longest metadata value looked at, in UTF-16 units. */
const MAX_LENGTH = 5_000;

const ESCAPED = /&(?:#\d{1,7}|#x[\da-f]{1,6}|amp|lt|gt|quot|apos|nbsp|[lr][sd]quo|[lr]aquo|hellip|[nm]dash|\w{1,8};)/i;

/**
 * A metadata value as a reader should see it: tags gone, white space folded, and
 * what the page escaped twice unescaped again (`&amp;amp;`, `&#x20;`).
 */
export function plainText(value: string): string {
  let text = value.slice(0, MAX_LENGTH);
  if (ESCAPED.test(text)) text = decodeHTML(text);
  if (ESCAPED.test(text)) text = decodeHTML(text);
  if (text.includes('<')) text = text.replace(/<\/?[a-z][^<>]*>/gi, ' ');
  return foldSpace(text);
}

/** Letters and digits only, lower case: two texts with the same key say the same. */
export const textKey = (text: string): string =>
  BEYOND_ASCII.test(text)
    ? text
        .normalize('NFKC')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
        .trim()
    : text
        .toLowerCase()
        .replace(/[^a-z\d]+/g, ' ')
        .trim();

const BEYOND_ASCII = /[^\0-\x7f]/;

/** Scripts that do not set words apart. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const IN_WORD = /[\p{L}\p{N}\p{M}]/u;

/** What a character is to words: asked about at all, part of one, one by itself. */
const KNOWN = 1;
const PART = 2;
const ALONE = 4;

const kindOf = (character: string): number =>
  KNOWN | (IN_WORD.test(character) ? PART : 0) | (UNSPACED.test(character) ? ALONE : 0);

/** Of each UTF-16 unit, found out when it is first met: asking expressions of every character takes five times as long. */
const kinds = new Uint8Array(0x1_0000);

function kindAt(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  if ((unit & 0xf800) === 0xd800) return kindOf(String.fromCodePoint(text.codePointAt(at)!));
  const known = kinds[unit]!;
  return known === 0 ? (kinds[unit] = kindOf(String.fromCharCode(unit))) : known;
}

/** How many units the character at a place has. */
const sizeAt = (text: string, at: number): number =>
  (text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00 ? 2 : 1;

/**
 * Where a text's words are, as starts and ends in turn: letters, digits and
 * marks that stand together; of scripts without spaces, each character that
 * does not go on a word of another script. Stops after `most` words.
 */
export function wordSpans(text: string, most = Infinity): number[] {
  const spans: number[] = [];
  for (let at = 0; at < text.length && spans.length < most * 2;) {
    const kind = kindAt(text, at);
    const start = at;
    at += sizeAt(text, at);
    if (kind === KNOWN) continue;
    if ((kind & ALONE) === 0) while (at < text.length && (kindAt(text, at) & PART) !== 0) at += sizeAt(text, at);
    spans.push(start, at);
  }
  return spans;
}

/** How many words a text has. */
export const countWords = (text: string): number => wordSpans(text).length / 2;

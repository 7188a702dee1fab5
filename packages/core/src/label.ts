const words = (text: string): string[] =>
  text
    .normalize('NFC')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [];

const STEM = 4;

/** Whether two words are forms of one: `Russia` and `Russian`, `Defence` and `Defense`. */
const akin = (a: string, b: string): boolean =>
  a === b || (a.length >= STEM && b.length >= STEM && a.slice(0, STEM) === b.slice(0, STEM));

/** How an entity's most used spelling compares with all its others. */
export interface Spelling {
  surface: string;
  /** 0..1: its share of all mentions. */
  share: number;
}

/** A spelling must carry this share of an entity's mentions before it can replace the title. */
const DOMINANT = 0.6;

/**
 * What readers see for an entity: its title without a disambiguator, unless
 * editors mostly write it another way with the same words, as `Russian Defence
 * Ministry` for `Ministry of Defence (Russia)`. Never an accident of anchor
 * text: `French` does not name France, nor `ISIL` what it abbreviates.
 */
export function preferredLabel(title: string, used?: Spelling): string {
  const bare = title.replace(/\s*\([^()]*\)$/, '') || title;
  if (!used || used.surface === bare) return bare;
  const theirs = words(used.surface);
  const known = (among: string[]) => (word: string) => among.some((other) => akin(word, other));
  const named = theirs.length >= 2 && /^\p{Lu}/u.test(used.surface) && theirs.every(known(words(title)));
  const saysWhich = theirs.some(known(words(title.slice(bare.length))));
  return named && (saysWhich || used.share >= DOMINANT) ? used.surface : bare;
}

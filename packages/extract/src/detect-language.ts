import { STOP_WORDS } from './stop-words.ts';

export interface Detected {
  /** ISO 639 code. */
  language: string;
  /** How far it is ahead of the next, 0..1. */
  margin: number;
  /** Share of each language's small words among the text's words; empty where its letters decide. */
  shares: ReadonlyMap<string, number>;
}

/** Scripts that only one language of the press is written in. */
const SCRIPTS: readonly (readonly [RegExp, string])[] = [
  [/\p{Script=Hiragana}|\p{Script=Katakana}/gu, 'ja'],
  [/\p{Script=Hangul}/gu, 'ko'],
  [/\p{Script=Han}/gu, 'zh'],
  [/\p{Script=Thai}/gu, 'th'],
  [/\p{Script=Greek}/gu, 'el'],
  [/\p{Script=Hebrew}/gu, 'he'],
  [/\p{Script=Bengali}/gu, 'bn'],
  [/\p{Script=Tamil}/gu, 'ta'],
  [/\p{Script=Telugu}/gu, 'te'],
  [/\p{Script=Kannada}/gu, 'kn'],
  [/\p{Script=Malayalam}/gu, 'ml'],
  [/\p{Script=Gujarati}/gu, 'gu'],
  [/\p{Script=Gurmukhi}/gu, 'pa'],
  [/\p{Script=Sinhala}/gu, 'si'],
  [/\p{Script=Khmer}/gu, 'km'],
  [/\p{Script=Lao}/gu, 'lo'],
  [/\p{Script=Myanmar}/gu, 'my'],
  [/\p{Script=Georgian}/gu, 'ka'],
  [/\p{Script=Armenian}/gu, 'hy'],
  [/\p{Script=Ethiopic}/gu, 'am'],
];

const languagesOfWord = readStopWords();

function readStopWords(): ReadonlyMap<string, readonly string[]> {
  const languages = new Map<string, string[]>();
  for (const [language, words] of Object.entries(STOP_WORDS)) {
    for (const word of new Set(words.split(' '))) {
      const known = languages.get(word);
      if (known) known.push(language);
      else languages.set(word, [language]);
    }
  }
  return languages;
}

/** Xhosa and Zulu write their small words as prefixes. */
const NGUNI =
  /^(?:uku|aba|isi|ama|izi|ubu|imi|nge|nga|ngo|kwe|kwa|kule|kwi|eku|emi|abo|olu|awu|oku|loku|yoku|koku)\p{L}{3,}/u;

/** Letters that tell languages which share many small words apart. */
const LETTERS: readonly (readonly [RegExp, string])[] = [
  [/[ąęłńśźż]/, 'pl'],
  [/[ěřů]/, 'cs'],
  [/[ľĺŕ]/, 'sk'],
];

function languagesOfLetters(word: string): readonly string[] {
  const found = LETTERS.find(([letters]) => letters.test(word));
  if (found) return [found[1]];
  return NGUNI.test(word) ? ['xh', 'zu'] : [];
}

/** How much of a text is looked at, and how little is not enough, in UTF-16 units. */
const MAX_LENGTH = 1_500;
const MIN_LENGTH = 40;
/** Below this share of small words the text is in none of the languages. */
const MIN_SHARE = 0.1;

/** The language a text is written in, by its letters and its small words; undefined where it is too short or in none we know. */
export function detectLanguage(text: string): Detected | undefined {
  const sample = text.slice(0, MAX_LENGTH);
  const letters = sample.match(/\p{L}/gu)?.length ?? 0;
  if (letters < MIN_LENGTH / 2) return undefined;
  const byScript = BEYOND_LATIN.test(sample) ? detectByScript(sample, letters) : undefined;
  if (byScript) return { language: byScript, margin: 1, shares: new Map() };
  return sample.length < MIN_LENGTH ? undefined : detectByWords(sample);
}

/** All that `SCRIPTS` look for; not the punctuation that Latin text has too. */
const BEYOND_LATIN = /[\u0370-\u1fff\u2e80-\uffff]/;

function detectByScript(sample: string, letters: number): string | undefined {
  const kana = sample.match(SCRIPTS[0]![0])?.length ?? 0;
  for (const [script, language] of SCRIPTS) {
    const count = sample.match(script)?.length ?? 0;
    if (count < letters * 0.3) continue;
    return language === 'zh' && kana > letters * 0.05 ? 'ja' : language;
  }
  return kana > letters * 0.15 ? 'ja' : undefined;
}

function detectByWords(sample: string): Detected | undefined {
  const words = sample.toLowerCase().match(/[\p{L}\p{M}’']+/gu) ?? [];
  const hits = new Map<string, number>();
  for (const word of words) {
    const languages = languagesOfWord.get(word) ?? languagesOfLetters(word);
    for (const language of languages) hits.set(language, (hits.get(language) ?? 0) + 1);
  }
  const shares = new Map([...hits].map(([language, count]) => [language, count / words.length]));
  const ranked = [...shares].toSorted((one, other) => other[1] - one[1]);
  const best = ranked[0];
  if (!best || best[1] < MIN_SHARE) return undefined;
  return { language: best[0], margin: best[1] - (ranked[1]?.[1] ?? 0), shares };
}

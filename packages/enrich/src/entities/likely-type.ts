import { nameOf, typeOfTitle, type EntityType } from '@throughline/core';
import { useTypeWeights } from '../weights/use-types.ts';
import { FEATURE_BITS, useFeatures, type NameUse, type UseFeatures } from './use-features.ts';

/** A linear model of several classes: one row of small integers a class, each to be multiplied by `scale`. */
export interface PackedClasses {
  classes: readonly EntityType[];
  scale: number;
  /** Base64 of signed bytes, row after row, `2 ** FEATURE_BITS` each. */
  weights: string;
}

/** Less sure than this, a type is not given: of those that are, 95 of 100 are right (docs/quality.md). */
const SURE = 0.9;

/**
 * What sort of thing a title names: by its form, else by the words around it
 * and its own, else `other`. For where the wiki cannot be asked.
 */
export function likelyType(title: string, uses: readonly NameUse[]): EntityType {
  const known = plainType(title, uses);
  if (known) return known;
  const chances = chancesOf(model(), useFeatures(title, uses));
  const best = chances.indexOf(Math.max(...chances));
  return (chances[best] ?? 0) >= SURE ? (model().classes[best] ?? 'other') : 'other';
}

/** The type that needs no model; `other` for what is no name: a common noun, an office. Undefined where a name does not tell. */
export function plainType(title: string, uses: readonly NameUse[]): EntityType | undefined {
  if (countries().has(title)) return 'place';
  if (isSentenceCase(title) && isSmall(uses)) return 'other';
  const byForm = typeOfTitle(title);
  if (byForm !== 'other') return byForm;
  return isNotion(title, uses) ? 'other' : undefined;
}

/** Words that stand small within names. */
const WITHIN_NAMES =
  /^(?:of|the|and|in|on|at|for|to|de|la|del|al-.*|el-.*|al|el|bin|ibn|van|von|der|da|do|dos|di|e|y|du|des|le|les|a|an|with|from|by)$/;

/** Offices, which are written like names. */
const OFFICE =
  /^(?:lists? of|first lady|president|(?:deputy )?prime minister|vice president|minister|secretary|governor|chancellor|speaker|attorney|ambassador|member|mayor|king|queen|emperor) (?:of|for|to|general)\b/i;

function isNotion(title: string, uses: readonly NameUse[]): boolean {
  if (OFFICE.test(title) || /^[\d\s]*$/.test(title)) return true;
  if (isSmall(uses)) return true;
  const rest = nameOf(title).split(' ').slice(1);
  return rest.some((word) => /^\p{Ll}/u.test(word) && !WITHIN_NAMES.test(word));
}

/** Whether editors mostly write it without a capital: a common noun. */
export const isSmall = (uses: readonly NameUse[]): boolean =>
  uses.filter(({ surface }) => /^\P{L}*\p{Ll}/u.test(surface)).length * 2 > uses.length;

/** A capital at the beginning only, and no number: so a page of a common noun is titled. */
const isSentenceCase = (title: string): boolean => /^.[^\p{Lu}\d]*$/u.test(title);

let regionNames: Set<string> | undefined;

/** What English calls the countries and territories of ISO 3166. */
function countries(): Set<string> {
  return (regionNames ??= new Set(regions()));
}

function* regions(): Generator<string> {
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  const letters = Array.from({ length: 26 }, (_, at) => String.fromCharCode(65 + at));
  for (const first of letters) {
    for (const second of letters) {
      const name = names.of(first + second);
      if (name && !NO_REGIONS.has(name)) yield name;
    }
  }
}

/** What Unicode counts among regions beside them. */
const NO_REGIONS = new Set([
  'United Nations',
  'European Union',
  'Eurozone',
  'Unknown Region',
  'Pseudo-Accents',
  'Pseudo-Bidi',
]);

interface Model {
  classes: readonly EntityType[];
  scale: number;
  rows: Int8Array[];
}

let unpacked: Model | undefined;

function model(): Model {
  return (unpacked ??= unpack(useTypeWeights));
}

function unpack({ classes, scale, weights }: PackedClasses): Model {
  const bytes = Int8Array.from(atob(weights), (letter) => letter.charCodeAt(0));
  const size = 2 ** FEATURE_BITS;
  return { classes, scale, rows: classes.map((_, at) => bytes.subarray(at * size, (at + 1) * size)) };
}

function chancesOf({ rows, scale }: Model, { places, values }: UseFeatures): number[] {
  return softmax(
    rows.map((row) => scale * places.reduce((sum, place, at) => sum + (row[place] ?? 0) * (values[at] ?? 0), 0)),
  );
}

export function softmax(sums: readonly number[]): number[] {
  const most = Math.max(...sums);
  const powers = sums.map((sum) => Math.exp(sum - most));
  const all = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / all);
}

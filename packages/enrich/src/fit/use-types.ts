import { ENTITY_TYPES, type EntityType } from '@throughline/core';
import { isSmall, plainType, softmax, type PackedClasses } from '../entities/likely-type.ts';
import { FEATURE_BITS, useFeatures, type NameUse, type UseFeatures } from '../entities/use-features.ts';
import { randomFrom } from './random.ts';

/** Titles with where they are named. */
export type NamedTitles = ReadonlyMap<string, readonly NameUse[]>;

interface Example {
  title: string;
  uses: readonly NameUse[];
  type: EntityType;
}

const ROUNDS = 3;
const PASSES = 8;
const RATE = 0.1;
/** So sure, what a round finds is what the next one learns from as well. */
const SURE = 0.93;
/** How often an example's name is hidden. */
const HIDDEN = 0.35;
/** What is no name is met more often than the names that look like it. */
const NOTION_SHARE = 0.3;

/**
 * Fits the model of `likelyType` without anyone naming a type: to titles whose
 * form says what they are, and to those that stand behind a title of office
 * (`President …`), who are people. What is then sure is learnt from as well,
 * twice: that is how given names are found.
 */
export function fitUseTypes(titles: NamedTitles, log: (line: string) => void): PackedClasses {
  const known: Example[] = [];
  for (const [title, uses] of titles) {
    const type = taughtType(title, uses);
    if (type) known.push({ title, uses, type });
  }
  log(`${known.length} of ${titles.size} titles say what they are: ${counted(known)}`);
  let rows = fitted(known);
  for (let round = 1; round < ROUNDS; round++) {
    const found = newlySure(titles, rows);
    log(`${found.length} more are sure: ${counted(found)}`);
    rows = fitted([...known, ...found]);
  }
  return packed(rows);
}

function taughtType(title: string, uses: readonly NameUse[]): EntityType | undefined {
  const plain = plainType(title, uses);
  if (plain) return plain === 'other' && isSmall(uses) ? undefined : plain;
  return isPerson(title, uses) ? 'person' : undefined;
}

/** What people are called before their names. */
const TITLED =
  /\b(?:President|Minister|Senator|Chancellor|Governor|King|Secretary|General|Judge|Justice|Mayor|Ambassador|Congressman|actor|actress|singer|Representative|Chairman|leader|author|footballer|player|champion|Sir|Archbishop|Cardinal)\s*$/;

function isPerson(title: string, uses: readonly NameUse[]): boolean {
  const words = title.split(' ');
  if (words.length < 2 || words.length > 4 || !words.every((word) => /^(?:\p{Lu}|al-|bin$|de$|van$)/u.test(word)))
    return false;
  const titled = uses.filter(({ before }) => TITLED.test(before)).length;
  return titled > 0 && titled * 4 >= uses.length;
}

function newlySure(titles: NamedTitles, rows: readonly Float32Array[]): Example[] {
  const found: Example[] = [];
  for (const [title, uses] of titles) {
    if (taughtType(title, uses) !== undefined || plainType(title, uses) !== undefined) continue;
    const chances = chances32(rows, useFeatures(title, uses));
    const best = chances.indexOf(Math.max(...chances));
    const type = ENTITY_TYPES[best] ?? 'other';
    if (type !== 'other' && (chances[best] ?? 0) >= SURE) found.push({ title, uses, type });
  }
  return found;
}

const chances32 = (rows: readonly Float32Array[], { places, values }: UseFeatures): number[] =>
  softmax(rows.map((row) => places.reduce((sum, place, at) => sum + (row[place] ?? 0) * (values[at] ?? 0), 0)));

/** Softmax regression by AdaGrad; the same examples give the same weights. */
function fitted(examples: readonly Example[]): Float32Array[] {
  const rows = ENTITY_TYPES.map(() => new Float32Array(2 ** FEATURE_BITS));
  const squares = ENTITY_TYPES.map(() => new Float32Array(2 ** FEATURE_BITS).fill(0.01));
  const random = randomFrom(7);
  const order = [...examples];
  for (let pass = 0; pass < PASSES; pass++) {
    shuffle(order, random);
    for (const { title, uses, type } of order) {
      const features = useFeatures(title, uses, random() < HIDDEN);
      const chances = chances32(rows, features);
      const share = type === 'other' ? NOTION_SHARE : 1;
      ENTITY_TYPES.forEach((one, at) => {
        const gradient = share * ((chances[at] ?? 0) - (one === type ? 1 : 0));
        step(rows[at] as Float32Array, squares[at] as Float32Array, features, gradient);
      });
    }
  }
  return rows;
}

function step(row: Float32Array, squares: Float32Array, { places, values }: UseFeatures, gradient: number): void {
  if (Math.abs(gradient) < 1e-3) return;
  places.forEach((place, at) => {
    const slope = gradient * (values[at] ?? 0);
    const total = (squares[place] ?? 0) + slope * slope;
    squares[place] = total;
    row[place] = (row[place] ?? 0) - (RATE * slope) / Math.sqrt(total);
  });
}

function packed(rows: readonly Float32Array[]): PackedClasses {
  const most = rows.reduce((high, row) => row.reduce((a, b) => Math.max(a, Math.abs(b)), high), 0);
  const scale = most / 127;
  const letters = rows.map((row) =>
    Array.from(row, (weight) => String.fromCharCode(Math.round(weight / scale) & 0xff)),
  );
  return { classes: ENTITY_TYPES, scale, weights: btoa(letters.flat().join('')) };
}

function counted(examples: readonly Example[]): string {
  return ENTITY_TYPES.map((type) => `${examples.filter((one) => one.type === type).length} ${type}`).join(', ');
}

function shuffle(items: Example[], random: () => number): void {
  for (let at = items.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [items[at], items[other]] = [items[other] as Example, items[at] as Example];
  }
}

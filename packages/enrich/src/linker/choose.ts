/** A mention that might be, with the probability that an editor would link it so. */
export interface Choice {
  start: number;
  end: number;
  chance: number;
}

/**
 * The choices that do not overlap and together lie furthest above `least`:
 * weighted interval scheduling. `choices` are in order of their ends.
 */
export function choose<T extends Choice>(choices: readonly T[], least: number): T[] {
  const best = new Float64Array(choices.length + 1);
  const before = new Int32Array(choices.length + 1).fill(-1);
  choices.forEach((choice, at) => {
    best[at + 1] = best[at] ?? 0;
    if (choice.chance <= least) return;
    const rest = lastEndingBy(choices, at, choice.start);
    const value = (best[rest] ?? 0) + choice.chance - least;
    if (value <= (best[at + 1] ?? 0)) return;
    best[at + 1] = value;
    before[at + 1] = rest;
  });
  return walkBack(choices, before);
}

/** How many of the first `count` choices end at or before `start`. */
function lastEndingBy(choices: readonly Choice[], count: number, start: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((choices[middle]?.end ?? 0) <= start) low = middle + 1;
    else high = middle;
  }
  return low;
}

function walkBack<T extends Choice>(choices: readonly T[], before: Int32Array): T[] {
  const chosen: T[] = [];
  for (let at = choices.length; at > 0;) {
    const rest = before[at] ?? -1;
    const choice = choices[at - 1];
    if (rest >= 0 && choice !== undefined) chosen.push(choice);
    at = rest >= 0 ? rest : at - 1;
  }
  return chosen.reverse();
}

/** A count that halves every so many days: how much there was of something lately. */
export interface Fading {
  value: number;
  /** The day number at which `value` was right. */
  day: number;
}

/** Half-lives in days. Recency brings more than depth: names are in the news for weeks. */
export const SLOW_DAYS = 60;
export const FAST_DAYS = 10;

export const fading = (): Fading => ({ value: 0, day: 0 });

/** What is left of the count on a day. A day before the last one counted reads as that one. */
export function left(count: Fading, day: number, halfLifeDays: number): number {
  if (count.value === 0 || day <= count.day) return count.value;
  return count.value * 2 ** ((count.day - day) / halfLifeDays);
}

export function count(fading: Fading, day: number, halfLifeDays: number): void {
  if (day >= fading.day) {
    fading.value = left(fading, day, halfLifeDays) + 1;
    fading.day = day;
  } else {
    fading.value += 2 ** ((day - fading.day) / halfLifeDays);
  }
}

export interface SharedLookOptions {
  /** A look is given again for so long, without another being taken. */
  freshMs: number;
  /** For so long it is given at once while the next one is taken; `freshMs` unless given. */
  staleMs?: number;
  now?: () => number;
}

/** The latest look; rejects as the look does. */
export interface SharedLook<T> {
  (): Promise<T>;
  /** Whoever asks next waits for a new look: something was done that it must show. */
  forget(): void;
}

interface Taken<T> {
  at: number;
  /** How long it took, once it is there. */
  tookMs: number;
  value: Promise<T>;
}

/** A look that takes long is given for longer, so that looking takes a quarter of the time at most. */
const LEAST_REST = 4;

/**
 * One look for everybody: whoever asks within `freshMs` of the last look, or
 * while one is under way, gets that one. 200 open dashboards cost what one
 * does, and nobody who comes back soon waits.
 */
export function sharedLook<T>(
  look: () => Promise<T>,
  { freshMs, staleMs = freshMs, now = Date.now }: SharedLookOptions,
): SharedLook<T> {
  let last: Taken<T> | undefined;
  let next: Taken<T> | undefined;

  const take = (): Taken<T> => {
    const taken: Taken<T> = { at: now(), tookMs: 0, value: look() };
    const settled = (kept: boolean): void => {
      if (next !== taken) return; // forgotten meanwhile
      taken.tookMs = now() - taken.at;
      if (kept) last = taken;
      next = undefined;
    };
    next = taken;
    taken.value.then(
      () => settled(true),
      () => settled(false),
    );
    return taken;
  };

  const latest = (): Promise<T> => {
    const age = last ? now() - last.at : Infinity;
    if (last && age < Math.max(freshMs, last.tookMs * LEAST_REST)) return last.value;
    const coming = next ?? take();
    return last && age < staleMs ? last.value : coming.value;
  };
  const forget = (): void => {
    last = undefined;
    next = undefined;
  };
  return Object.assign(latest, { forget });
}

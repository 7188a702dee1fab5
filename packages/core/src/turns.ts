/** A schedule's next turn in ms from now, at most 0 where it is due; null where it has had none. */
export const nextTurnMs = (lastAt: Date | null, everyMs: number, now: number): number | null =>
  lastAt === null ? null : lastAt.getTime() + everyMs - now;

/** Turns that are over since it was last done, but for the one that may be under way. */
export const missedTurns = (lastAt: Date | null, everyMs: number, now: number): number =>
  lastAt === null || everyMs === 0 ? 0 : Math.max(0, Math.floor((now - lastAt.getTime()) / everyMs) - 1);

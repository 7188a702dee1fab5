/**
 * One look for everybody: whoever asks within `freshMs` of the last look, or
 * while one is under way, gets that one. 200 open dashboards cost what one does.
 */
export function sharedLook<T>(look: () => Promise<T>, freshMs: number, now: () => number = Date.now): () => Promise<T> {
  let last: { at: number; value: Promise<T> } | undefined;
  return () => {
    if (last !== undefined && now() - last.at < freshMs) return last.value;
    const value = look();
    const taken = { at: now(), value };
    last = taken;
    value.catch(() => {
      if (last === taken) last = undefined;
    });
    return value;
  };
}

/**
 * The same value with every NUL taken out of its strings and every lone
 * surrogate replaced by U+FFFD: Postgres stores neither in `jsonb`, and one
 * of them would break the job that carries it.
 */
export function wellFormed<T>(value: T): T {
  return rewrite(value) as T;
}

function rewrite(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\0', '').toWellFormed();
  if (Array.isArray(value)) return value.map(rewrite);
  if (isPlain(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [rewrite(key), rewrite(item)]));
  return value;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

const MAX_MESSAGE = 2_000;
const MAX_STACK = 8_000;

/** An error that any queue can store: well-formed and of bounded length. The original is its `cause`. */
export function storableError(thrown: unknown): Error {
  const message = thrown instanceof Error ? thrown.message || thrown.name : String(thrown);
  const storable = new Error(wellFormed(message).slice(0, MAX_MESSAGE).toWellFormed(), { cause: thrown });
  if (thrown instanceof Error) {
    storable.name = wellFormed(thrown.name);
    storable.stack = wellFormed(thrown.stack ?? message)
      .slice(0, MAX_STACK)
      .toWellFormed();
  }
  return storable;
}

/** An error for a log line. A driver's error carries its whole client along, which nobody wants to read. */
export function loggable(error: Error): { message: string; code?: string; stack: string } {
  const { message, stack = '' } = storableError(error);
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? { message, code, stack } : { message, stack };
}

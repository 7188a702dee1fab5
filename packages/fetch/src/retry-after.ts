/**
 * The Retry-After header (RFC 9110, 10.2.3) as milliseconds from `now`: whole
 * seconds, or a date. A date is measured against the answer's own Date header
 * where there is one, since the server's clock may differ from ours. Never
 * negative; undefined where the value is neither.
 */
export function retryAfterMs(value: string | undefined, now: number, date?: string): number | undefined {
  const text = value?.trim() ?? '';
  if (/^\d{1,12}$/.test(text)) return Number(text) * 1000;
  if (!/[a-z]{3}/i.test(text)) return undefined;
  const at = Date.parse(text);
  if (Number.isNaN(at)) return undefined;
  const theirNow = date === undefined ? Number.NaN : Date.parse(date);
  return Math.max(0, at - (Number.isNaN(theirNow) ? now : theirNow));
}

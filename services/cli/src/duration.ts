const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** A time for people, in its two greatest units: `2 days 15 hours`, `50 seconds`; rounded up to a second. */
export function writtenDuration(ms: number): string {
  let left = Math.ceil(ms / 1_000) * 1_000;
  const parts: string[] = [];
  for (const [name, length] of UNITS) {
    const count = Math.floor(left / length);
    left -= count * length;
    if (count > 0) parts.push(`${count} ${name}${count > 1 ? 's' : ''}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.join(' ') || '0 seconds';
}

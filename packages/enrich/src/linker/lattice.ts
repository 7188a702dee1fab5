/** A span by its first and last atom. */
interface Bounds {
  from: number;
  to: number;
}

let [upTo, onFrom] = [new Float64Array(64), new Float64Array(64)];

/**
 * How likely each span is one of those chosen, where of spans that overlap one
 * at most is, and what is chosen is as likely as the exponential of its sums
 * together (a semi-Markov conditional random field, Sarawagi & Cohen 2004).
 * `spans` are in order of their first atoms; `sums` and `chances` are theirs
 * from `first` on. A sum of minus infinity has no chance.
 */
export function chooseChances(
  spans: readonly Bounds[],
  sums: Float64Array,
  chances: Float64Array,
  first = 0,
  count = spans.length,
): void {
  let length = 0;
  for (let n = 0; n < count; n++) length = Math.max(length, (spans[first + n]?.to ?? 0) + 2);
  if (upTo.length < length) [upTo, onFrom] = [new Float64Array(2 * length), new Float64Array(2 * length)];
  sumUp(spans, sums, first, count, length);
  sumDown(spans, sums, first, count, length);
  const all = onFrom[0] ?? 0;
  for (let at = first; at < first + count; at++) {
    const { from = 0, to = 0 } = spans[at] ?? {};
    chances[at] = Math.exp((upTo[from] ?? 0) + (sums[at] ?? 0) + (onFrom[to + 1] ?? 0) - all);
  }
}

/** Fills `upTo`: the log of the sum over all choices among the spans that end before an atom. */
function sumUp(spans: readonly Bounds[], sums: Float64Array, first: number, count: number, length: number): void {
  upTo.fill(Number.NEGATIVE_INFINITY, 0, length);
  upTo[0] = 0;
  let at = first;
  for (let atom = 0; atom < length; atom++) {
    if (atom > 0) upTo[atom] = logOfSum(upTo[atom] ?? 0, upTo[atom - 1] ?? 0);
    for (let span = spans[at]; at < first + count && span?.from === atom; span = spans[++at])
      upTo[span.to + 1] = logOfSum(upTo[span.to + 1] ?? 0, (upTo[atom] ?? 0) + (sums[at] ?? 0));
  }
}

/** Fills `onFrom`: the same of the spans that begin at an atom or behind it. */
function sumDown(spans: readonly Bounds[], sums: Float64Array, first: number, count: number, length: number): void {
  onFrom[length - 1] = 0;
  let at = first + count - 1;
  for (let atom = length - 2; atom >= 0; atom--) {
    onFrom[atom] = onFrom[atom + 1] ?? 0;
    for (let span = spans[at]; at >= first && span?.from === atom; span = spans[--at])
      onFrom[atom] = logOfSum(onFrom[atom] ?? 0, (sums[at] ?? 0) + (onFrom[span.to + 1] ?? 0));
  }
}

/** `log(exp(a) + exp(b))`. */
function logOfSum(a: number, b: number): number {
  const [less, more] = a < b ? [a, b] : [b, a];
  return less === Number.NEGATIVE_INFINITY ? more : more + Math.log1p(Math.exp(less - more));
}

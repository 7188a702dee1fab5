/** A run of words that both wordings have, or that only the later or the earlier has. */
export interface DiffPart {
  kind: 'same' | 'added' | 'removed';
  text: string;
}

/** The table of the comparison has at most this many cells; beyond it the whole middle counts as replaced. */
const MAX_CELLS = 250_000;

/** Wordings longer than this together are not taken apart. UTF-16 units. */
const MAX_LENGTH = 100_000;

/**
 * What changed between two wordings, word by word: a longest common
 * subsequence. Joining the parts that are not `added` gives `before`; those not
 * `removed`, `after`. Time and memory are bounded whatever the lengths.
 */
export function wordDiff(before: string, after: string): DiffPart[] {
  if (before.length + after.length > MAX_LENGTH)
    return merged(before === after ? same([before]) : replaced([before], [after]));
  const a = words(before);
  const b = words(after);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  return merged([
    ...same(a.slice(0, start)),
    ...middle(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...same(a.slice(a.length - end)),
  ]);
}

/** Single Han and Kana letters, other words, runs of space, marks of punctuation. */
const TOKEN =
  /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]|(?:(?![\p{sc=Han}\p{sc=Hira}\p{sc=Kana}])[\p{L}\p{N}\p{M}'’])+|\s+|[^]/gu;

const words = (text: string): string[] => text.match(TOKEN) ?? [];

const same = (tokens: readonly string[]): DiffPart[] => [{ kind: 'same', text: tokens.join('') }];

function middle(a: readonly string[], b: readonly string[]): DiffPart[] {
  if (a.length * b.length > MAX_CELLS) return replaced(a, b);
  const lengths = commonLengths(a, b);
  const width = b.length + 1;
  const parts: DiffPart[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      parts.push({ kind: 'same', text: a[i++] ?? '' });
      j++;
    } else if ((lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0)) {
      parts.push({ kind: 'removed', text: a[i++] ?? '' });
    } else {
      parts.push({ kind: 'added', text: b[j++] ?? '' });
    }
  }
  return [...parts, ...replaced(a.slice(i), b.slice(j))];
}

/** At `i * (b.length + 1) + j`: how long the longest common subsequence of `a` from `i` and `b` from `j` is. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint32Array {
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const below = lengths[(i + 1) * width + j] ?? 0;
      const beside = lengths[i * width + j + 1] ?? 0;
      lengths[i * width + j] = a[i] === b[j] ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1 : Math.max(below, beside);
    }
  }
  return lengths;
}

const replaced = (a: readonly string[], b: readonly string[]): DiffPart[] => [
  { kind: 'removed', text: a.join('') },
  { kind: 'added', text: b.join('') },
];

/** Neighbours of one kind joined, within a change what is removed before what is added; no empty part. */
function merged(parts: readonly DiffPart[]): DiffPart[] {
  const out: DiffPart[] = [];
  let change = { removed: '', added: '' };
  const flush = (): void => {
    if (change.removed) out.push({ kind: 'removed', text: change.removed });
    if (change.added) out.push({ kind: 'added', text: change.added });
    change = { removed: '', added: '' };
  };
  for (const { kind, text } of parts) {
    if (text === '') continue;
    if (kind !== 'same') {
      change[kind] += text;
      continue;
    }
    flush();
    const last = out.at(-1);
    if (last?.kind === 'same') last.text += text;
    else out.push({ kind, text });
  }
  flush();
  return out;
}

/**
 * Pairs each `{{` with its `}}`, innermost first: start → end, both as offsets,
 * the end after the `}}`. The end of a line ends whatever is open in it.
 */
export function matchBraces(wikitext: string): ReadonlyMap<number, number> {
  const pairs = new Map<number, number>();
  let open: number[] = [];
  let lineEnd = -1;
  for (const { 0: token, index } of wikitext.matchAll(/\{\{|\}\}/g)) {
    if (index > lineEnd) {
      open = [];
      const next = wikitext.indexOf('\n', index);
      lineEnd = next < 0 ? wikitext.length : next;
    }
    const start = token === '{{' ? void open.push(index) : open.pop();
    if (start !== undefined) pairs.set(start, index + 2);
  }
  return pairs;
}

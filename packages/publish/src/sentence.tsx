/** @jsxRuntime automatic @jsxImportSource @throughline/publish */
import type { Link, Origin } from '@throughline/core';
import { wikiUrl } from './link.ts';
import { clean } from './text.ts';

/** A piece of a sentence; with a `title` where an editor linked it. */
export interface Segment {
  text: string;
  title?: string;
}

/** A text cut at its links. Links out of range, empty, without title or overlapping an earlier one are passed over. */
export function segments(text: string, links: readonly Link[]): Segment[] {
  const out: Segment[] = [];
  let done = 0;
  for (const { start, end, title } of links.toSorted((a, b) => a.start - b.start)) {
    if (!(Number.isInteger(start) && Number.isInteger(end)) || start < done || end <= start || end > text.length)
      continue;
    if (title.trim() === '') continue;
    if (start > done) out.push({ text: text.slice(done, start) });
    out.push({ text: text.slice(start, end), title });
    done = end;
  }
  if (done < text.length) out.push({ text: text.slice(done) });
  return out;
}

/** The sentence with its editors' links, each to the wiki it was made for. */
export function Sentence({ text, links, origin }: { text: string; links: readonly Link[]; origin: Origin }) {
  return (
    <>
      {segments(text, links).map((segment) =>
        segment.title === undefined ? (
          clean(segment.text)
        ) : (
          <a href={wikiUrl(segment.title, origin)}>{clean(segment.text)}</a>
        ),
      )}
    </>
  );
}

/** @jsxRuntime automatic @jsxImportSource @throughline/publish */
import type { DayItem, SearchHit } from '@throughline/core';
import { dayPath, eventPath } from './path.ts';
import { clean, cut, inList, LISTED_LENGTH, oneLine } from './text.ts';
import { writtenDay } from './time.ts';
import { Trail } from './trail.tsx';

/** As much of a description as the original shows in a list. */
const DESCRIPTION_LENGTH = 300;
const MAX_LABELS = 6;

interface EventItemProps {
  item: DayItem;
  /** Where the sentence has what was looked for. */
  marks?: readonly (readonly [start: number, end: number])[];
  /** The title of an article that has it, where the sentence does not. */
  titled?: SearchHit['titled'];
  /** Whether the day is said: in lists of many days. */
  isDated?: boolean;
}

/** An event in a list: what it is filed under, its sentence, what is known of it. */
export function EventItem({ item, marks = [], titled, isDated = false }: EventItemProps) {
  const description = oneLine(item.description ?? '');
  const outlets = [...new Set(item.outlets.map(oneLine).filter(Boolean))];
  const labels = item.context.map(oneLine).filter(Boolean).slice(0, MAX_LABELS);
  const below = [outlets.join(', '), description ? '' : labels.join(', ')].filter(Boolean);
  return (
    <li>
      {isDated && (
        <a class="day" href={dayPath(item.day)}>
          <time datetime={item.day}>{writtenDay(item.day)}</time>
        </a>
      )}
      <Trail topics={item.topics} />
      <p class="said" dir="auto">
        <a href={eventPath(item.day, item.slug)}>
          {marks.length > 0 ? <Marked text={item.text} marks={marks} /> : inList(item.text)}
        </a>
      </p>
      {titled && (
        <p class="described" dir="auto">
          An article of it: <cite>{titled.marks.length > 0 ? <Marked {...titled} /> : oneLine(titled.text)}</cite>
        </p>
      )}
      {description && !titled && (
        <p class="described" dir="auto">
          {cut(description, DESCRIPTION_LENGTH)}
        </p>
      )}
      {below.length > 0 && (
        <p class="small">
          {below.map((line) => (
            <span>
              <bdi>{line}</bdi>
            </span>
          ))}
        </p>
      )}
    </li>
  );
}

/** Events of several days. */
export function EventList({ items }: { items: readonly DayItem[] }) {
  return (
    <ol class="items">
      {items.map((item) => (
        <EventItem item={item} isDated />
      ))}
    </ol>
  );
}

/** A sentence with its marks, and no more around the first of them than a list shows. */
function Marked({ text, marks }: { text: string; marks: NonNullable<EventItemProps['marks']> }) {
  const end = Math.max(LISTED_LENGTH, marks[0]?.[1] ?? 0);
  const shown = marks.filter(([, last]) => last <= end);
  return (
    <>
      {shown.map(([start, last], index) => (
        <>
          {clean(text.slice(shown[index - 1]?.[1] ?? 0, start))}
          <mark>{clean(text.slice(start, last))}</mark>
        </>
      ))}
      {cut(clean(text.slice(shown.at(-1)?.[1] ?? 0)), Math.max(end - (shown.at(-1)?.[1] ?? 0), 1))}
    </>
  );
}

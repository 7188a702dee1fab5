/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { DayItem, DayPage } from '@throughline/core';
import { groups } from './groups.ts';
import { eventPath } from './path.ts';
import { cut, oneLine } from './text.ts';
import { Trail } from './trail.tsx';

/** As much of a description as the original shows in a list. */
const DESCRIPTION_LENGTH = 300;
const MAX_LABELS = 6;

/** A day's events by heading. `level` is that of the headings: 2 under the page's title, 3 under a day's. */
export function DayList({ page, level }: { page: DayPage; level: 2 | 3 }) {
  return (
    <>
      {groups(page.items).map(({ heading, items }) => (
        <section class="row">
          <div>
            <Heading level={level} text={heading} />
          </div>
          <ul class="items">
            {items.map((item) => (
              <Item item={item} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function Heading({ level, text }: { level: 2 | 3; text: string }) {
  const looks = text ? 'margin' : 'hidden';
  const shown = text || 'Events';
  return level === 2 ? <h2 class={looks}>{shown}</h2> : <h3 class={looks}>{shown}</h3>;
}

function Item({ item }: { item: DayItem }) {
  const description = oneLine(item.description ?? '');
  const outlets = [...new Set(item.outlets.map(oneLine).filter(Boolean))];
  const labels = item.context.map(oneLine).filter(Boolean).slice(0, MAX_LABELS);
  const below = [outlets.join(', '), description ? '' : labels.join(', ')].filter(Boolean);
  return (
    <li>
      <Trail topics={item.topics} />
      <p class="said" dir="auto">
        <a href={eventPath(item.day, item.slug)}>{oneLine(item.text)}</a>
      </p>
      {description && (
        <p class="described" dir="auto">
          {cut(description, DESCRIPTION_LENGTH)}
        </p>
      )}
      {below.length > 0 && (
        <p class="small">
          {below.map((line) => (
            <span>{line}</span>
          ))}
        </p>
      )}
    </li>
  );
}

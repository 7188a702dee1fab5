/** @jsxRuntime automatic @jsxImportSource @throughline/publish */
import type { DayPage } from '@throughline/core';
import { categoryPath } from './collection-path.ts';
import { EventItem } from './event-list.tsx';
import { groups } from './groups.ts';

/** A day's events by heading. `level` is that of the headings: 2 under the page's title, 3 under a day's. */
export function DayList({ page, level }: { page: DayPage; level: 2 | 3 }) {
  return (
    <>
      {groups(page.items).map(({ heading, category, items }) => (
        <section class="row">
          <div>
            <Heading level={level} text={heading} href={category && categoryPath(category)} />
          </div>
          <ul class="items">
            {items.map((item) => (
              <EventItem item={item} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function Heading({ level, text, href }: { level: 2 | 3; text: string; href: string | undefined }) {
  const looks = text ? 'margin' : 'hidden';
  const shown = href ? <a href={href}>{text}</a> : text || 'Events';
  return level === 2 ? <h2 class={looks}>{shown}</h2> : <h3 class={looks}>{shown}</h3>;
}

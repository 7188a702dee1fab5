/** @jsxRuntime automatic @jsxImportSource @throughline/publish */
import type { DayPage } from '@throughline/core';
import { dayAttribution } from './attribution.ts';
import { DayList } from './day-list.tsx';
import { dayJsonLd } from './json-ld.ts';
import { type Alternate, renderPage } from './layout.tsx';
import { dayPath } from './path.ts';
import type { Site } from './site.ts';
import { counted } from './text.ts';
import { weekday, writtenDay } from './time.ts';

export function renderDayPage(page: DayPage, site: Site, alternates: readonly Alternate[]): string {
  const { day, items, previous, next } = page;
  return renderPage({
    site,
    title: writtenDay(day),
    description: `${counted(items.length, 'event')} of ${writtenDay(day)}, by category, with sources and context.`,
    path: dayPath(day),
    modified: page.updatedAt,
    alternates,
    hasFeeds: true,
    previousPath: previous && dayPath(previous),
    nextPath: next && dayPath(next),
    jsonLd: dayJsonLd(page, site),
    attributions: [dayAttribution(page)],
    children: (
      <>
        <header class="masthead">
          <h1>
            <time datetime={day}>{writtenDay(day)}</time>
          </h1>
          <p>
            {weekday(day)}, {counted(items.length, 'event')}
          </p>
        </header>
        <DayList page={page} level={2} />
        <Pager page={page} />
      </>
    ),
  });
}

function Pager({ page: { previous, next } }: { page: DayPage }) {
  if (!previous && !next) return null;
  return (
    <nav class="pager" aria-label="Days">
      {previous ? (
        <a rel="prev" href={dayPath(previous)}>
          ← {writtenDay(previous)}
        </a>
      ) : (
        <span />
      )}
      {next && (
        <a rel="next" href={dayPath(next)}>
          {writtenDay(next)} →
        </a>
      )}
    </nav>
  );
}

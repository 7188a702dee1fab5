/** @jsxRuntime automatic @jsxImportSource @throughline/publish */
import type { FrontPage } from '@throughline/core';
import { attributionsOf } from './attribution.ts';
import { DayList } from './day-list.tsx';
import { type Alternate, renderPage } from './layout.tsx';
import { dayPath, frontPath } from './path.ts';
import type { Site } from './site.ts';
import { counted } from './text.ts';
import { weekday, writtenDay } from './time.ts';

const INTRODUCTION =
  'What happened, as the editors of Wikipedia’s Current Events Portal log it: with its sources, its context and what led there.';

export function renderFrontPage(page: FrontPage, site: Site, alternates: readonly Alternate[]): string {
  const before = page.days.at(-1)?.previous;
  return renderPage({
    site,
    title: site.name,
    description: INTRODUCTION,
    path: frontPath(),
    modified: page.updatedAt,
    alternates,
    hasFeeds: true,
    attributions: attributionsOf(page),
    children: (
      <>
        <header class="masthead">
          <h1>The latest days</h1>
          <p>{INTRODUCTION}</p>
        </header>
        {page.days.length === 0 && (
          <p class="notice">Nothing has been read yet. The first day appears here as soon as it is.</p>
        )}
        {page.days.map((day) => (
          <>
            <h2 class="day-title">
              <a href={dayPath(day.day)}>
                <time datetime={day.day}>{writtenDay(day.day)}</time>
              </a>{' '}
              <span>
                {weekday(day.day)}, {counted(day.items.length, 'event')}
              </span>
            </h2>
            <DayList page={day} level={3} />
          </>
        ))}
        {before && (
          <nav class="pager" aria-label="Days">
            <a rel="prev" href={dayPath(before)}>
              ← {writtenDay(before)}
            </a>
          </nav>
        )}
      </>
    ),
  });
}

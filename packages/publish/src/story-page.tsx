/** @jsxRuntime automatic @jsxImportSource @throughline/publish */
import type { MonthCount, StoryPage } from '@throughline/core';
import { Activity } from './activity.tsx';
import { portalAttribution } from './attribution.ts';
import { storyPath } from './collection-path.ts';
import { EntityChips } from './entity-chips.tsx';
import { storyJsonLd } from './json-ld.ts';
import { renderPage } from './layout.tsx';
import { dayPath, eventPath } from './path.ts';
import type { Site } from './site.ts';
import { counted, inList, listed, oneLine } from './text.ts';
import { distance, MONTHS, writtenDay } from './time.ts';
import { Timeline } from './timeline.tsx';

/** Up to so many events are drawn one by one, more as counts of months. */
const DRAWN_SINGLY = 100;

const daysOf = ({ firstDay, lastDay }: StoryPage): string =>
  firstDay === lastDay ? writtenDay(firstDay) : `${writtenDay(firstDay)} to ${writtenDay(lastDay)}`;

/** A story from its first event on. */
export function renderStoryPage(page: StoryPage, site: Site): string {
  const title = oneLine(page.title);
  const months = monthsOf(page);
  return renderPage({
    site,
    title,
    description: `${title}: ${counted(page.count, 'event')}, ${daysOf(page)}.`,
    path: storyPath(page),
    hasFeeds: true,
    type: 'article',
    modified: page.updatedAt,
    jsonLd: storyJsonLd(page, site),
    attributions: [portalAttribution()],
    children: (
      <article>
        <header class="masthead">
          <p class="kind">Story</p>
          <h1 dir="auto">{title}</h1>
          <p>
            {counted(page.count, 'event')}, {daysOf(page)}
            {page.firstDay !== page.lastDay && ` (${distance(page.firstDay, page.lastDay).replace(/ later$/, '')})`}
          </p>
          {page.splitFrom && (
            <p>
              Cut off from <a href={storyPath(page.splitFrom)}>{oneLine(page.splitFrom.title)}</a>
            </p>
          )}
          {page.events.length > DRAWN_SINGLY ? (
            <Activity
              months={months}
              href={(time) => `#m${months.find(({ month }) => month.startsWith(time))?.month ?? time}`}
            />
          ) : (
            <Timeline events={page.events} />
          )}
        </header>
        {page.entities.length > 0 && <About page={page} />}
        <Events page={page} />
      </article>
    ),
  });
}

function monthsOf({ events }: StoryPage): MonthCount[] {
  const counts = new Map<string, number>();
  for (const { day } of events) counts.set(day.slice(0, 7), (counts.get(day.slice(0, 7)) ?? 0) + 1);
  return [...counts].map(([month, count]) => ({ month, events: count }));
}

function About({ page: { entities } }: { page: StoryPage }) {
  return (
    <section class="row" aria-labelledby="about">
      <div class="margin">
        <h2 id="about">About</h2>
      </div>
      <EntityChips entities={entities} />
    </section>
  );
}

function Events({ page: { events, count } }: { page: StoryPage }) {
  const months = new Map<string, StoryPage['events']>();
  for (const event of events) {
    const month = event.day.slice(0, 7);
    months.set(month, [...(months.get(month) ?? []), event]);
  }
  return (
    <>
      {count > events.length && (
        <p class="notice">
          These are the newest {events.length} of {count} events.
        </p>
      )}
      {[...months].map(([month, group]) => (
        <section class="row" aria-labelledby={`m${month}`}>
          <div class="margin">
            <h2 id={`m${month}`}>
              {MONTHS[Number(month.slice(5)) - 1]} {month.slice(0, 4)}
            </h2>
            <p>{counted(group.length, 'event')}</p>
          </div>
          <ol class="thread">
            {group.map((event) => (
              <li>
                <a class="day" href={dayPath(event.day)}>
                  <time datetime={event.day}>{writtenDay(event.day)}</time>
                </a>
                <p class="said" dir="auto">
                  <a href={eventPath(event.day, event.slug)}>{inList(event.text)}</a>
                </p>
                {event.outlets.length > 0 && (
                  <p class="small">
                    <bdi>{listed(event.outlets.map(oneLine).filter(Boolean))}</bdi>
                  </p>
                )}
              </li>
            ))}
          </ol>
        </section>
      ))}
    </>
  );
}

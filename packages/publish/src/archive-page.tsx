/** @jsxRuntime automatic @jsxImportSource @throughline/publish */
import { CATEGORIES, CATEGORY_LABELS, dayNumber, type CalendarPage, type Day } from '@throughline/core';
import { spanOf } from './activity.tsx';
import { archivePath, categoryPath, yearPath } from './collection-path.ts';
import { renderPage } from './layout.tsx';
import { dayPath } from './path.ts';
import type { Site } from './site.ts';
import { counted } from './text.ts';
import { MONTHS } from './time.ts';

/** How dark a cell is: 0 for nothing, else 1..5 by its share of the fullest. */
export const heat = (events: number, most: number): number =>
  events <= 0 ? 0 : Math.min(5, Math.max(1, Math.ceil((events / Math.max(most, 1)) * 5)));

/** Every year by months: how much the log has. */
export function renderArchivePage(page: CalendarPage, site: Site): string {
  const counts = countBy(page, (day) => day.slice(0, 7));
  const years = [...new Set(page.days.map(({ day }) => day.slice(0, 4)))].toSorted().toReversed();
  const total = page.days.reduce((sum, { events }) => sum + events, 0);
  const most = high([...counts.values()]);
  return renderPage({
    site,
    title: 'Archive',
    description: `${counted(total, 'event')} of ${counted(page.days.length, 'day')}, by year, month and category.`,
    path: archivePath(),
    modified: page.updatedAt,
    children: (
      <>
        <header class="masthead">
          <h1>The archive</h1>
          <p>
            {counted(total, 'event')} of {counted(page.days.length, 'day')}
            {years.length > 0 && `, ${years.at(-1)} to ${years[0]}`}
          </p>
        </header>
        {years.length === 0 && <p class="notice">Nothing has been read yet.</p>}
        {years.length > 0 && (
          <div class="row">
            <div class="margin">
              <h2 id="months">By month</h2>
              <p>The darker, the more events</p>
            </div>
            <div class="scroll" tabindex={0} role="region" aria-labelledby="months">
              <table class="heat years">
                <thead>
                  <tr>
                    <td />
                    {MONTHS.map((name) => (
                      <th scope="col">
                        <abbr title={name}>{name.slice(0, 3)}</abbr>
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {years.map((year) => (
                    <tr>
                      <th scope="row">
                        <a href={yearPath(year)}>{year}</a>
                      </th>
                      {MONTHS.map((_, index) => {
                        const month = `${year}-${String(index + 1).padStart(2, '0')}`;
                        const events = counts.get(month) ?? 0;
                        return (
                          <td class={`h${heat(events, most)}`}>
                            {events > 0 ? <a href={`${yearPath(year)}#m${month.slice(5)}`}>{events}</a> : ''}
                          </td>
                        );
                      })}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </div>
        )}
        <Categories />
      </>
    ),
  });
}

function Categories() {
  return (
    <section class="row" aria-labelledby="categories">
      <div class="margin">
        <h2 id="categories">By category</h2>
      </div>
      <ul class="chips">
        {CATEGORIES.map((category) => (
          <li>
            <a href={categoryPath(category)}>{CATEGORY_LABELS[category]}</a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A year by days; `page` may hold other years too. */
export function renderYearPage(year: string, page: CalendarPage, site: Site): string {
  const days = page.days.filter(({ day }) => day.startsWith(`${year}-`));
  const counts = new Map(days.map(({ day, events }) => [day, events]));
  const most = high([...counts.values()]);
  const total = days.reduce((sum, { events }) => sum + events, 0);
  const years = [...new Set(page.days.map(({ day }) => day.slice(0, 4)))].toSorted();
  const [before, after] = [years.filter((one) => one < year).at(-1), years.find((one) => one > year)];
  return renderPage({
    site,
    title: `The year ${year}`,
    description: `${counted(total, 'event')} of ${year}, day by day.`,
    path: yearPath(year),
    modified: page.updatedAt,
    previousPath: before && yearPath(before),
    nextPath: after && yearPath(after),
    children: (
      <>
        <header class="masthead">
          <h1>{year}</h1>
          <p>
            {counted(total, 'event')} of {counted(days.length, 'day')}; the darker, the more events ·{' '}
            <a href={archivePath()}>All years</a>
          </p>
        </header>
        <div class="calendars">
          {MONTHS.map((name, index) => (
            <Month year={year} month={index + 1} name={name} counts={counts} most={most} />
          ))}
        </div>
        <nav class="pager" aria-label="Years">
          {before ? (
            <a rel="prev" href={yearPath(before)}>
              ← {before}
            </a>
          ) : (
            <span />
          )}
          {after && (
            <a rel="next" href={yearPath(after)}>
              {after} →
            </a>
          )}
        </nav>
      </>
    ),
  });
}

interface MonthProps {
  year: string;
  month: number;
  name: string;
  counts: ReadonlyMap<Day, number>;
  most: number;
}

const WEEK = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

function Month({ year, month, name, counts, most }: MonthProps) {
  const id = String(month).padStart(2, '0');
  return (
    <table class="heat" id={`m${id}`}>
      <caption>{name}</caption>
      <thead>
        <tr>
          {WEEK.map((weekday) => (
            <th scope="col" aria-label={weekday}>
              {weekday.slice(0, 1)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeksOf(year, id).map((week) => (
          <tr>
            {week.map((day) => (
              <DayCell day={day} events={day === undefined ? 0 : (counts.get(day) ?? 0)} most={most} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function DayCell({ day, events, most }: { day: Day | undefined; events: number; most: number }) {
  if (day === undefined) return <td />;
  const number = Number(day.slice(8));
  if (events === 0) return <td>{number}</td>;
  return (
    <td class={`h${heat(events, most)}`}>
      <a href={dayPath(day)} title={counted(events, 'event')}>
        {number}
      </a>
    </td>
  );
}

/** The weeks of a month, Mondays first; undefined where another month's days would be. */
function weeksOf(year: string, month: string): (Day | undefined)[][] {
  const first = `${year}-${month}-01` as Day;
  const offset = (((dayNumber(first) + 3) % 7) + 7) % 7; // 1970-01-01 was a Thursday
  const length = Number(spanOf(`${year}-${month}`).to.slice(8));
  return Array.from({ length: Math.ceil((offset + length) / 7) }, (_, week) =>
    WEEK.map((_name, index) => {
      const number = week * 7 + index - offset + 1;
      return number < 1 || number > length ? undefined : (`${year}-${month}-${String(number).padStart(2, '0')}` as Day);
    }),
  );
}

function countBy({ days }: CalendarPage, key: (day: Day) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { day, events } of days) counts.set(key(day), (counts.get(key(day)) ?? 0) + events);
  return counts;
}

/** A count below which most are: one day of a great war must not make all others pale. */
function high(counts: readonly number[]): number {
  const sorted = counts.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.97)] ?? sorted.at(-1) ?? 1;
}

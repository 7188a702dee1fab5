/** @jsxRuntime automatic @jsxImportSource @throughline/publish */
import type { Day, MonthCount } from '@throughline/core';
import { counted } from './text.ts';
import { MONTHS } from './time.ts';

/** Up to so many months are drawn as months, more as years. */
const MAX_MONTHS = 48;
const HEIGHT = 44;

/** A bar of the picture: a month or a year. */
export interface Bar {
  /** `2017` or `2017-01`. */
  time: string;
  events: number;
}

/** The bars from the first to the last month with events, empty ones between them included. */
export function bars(months: readonly MonthCount[]): Bar[] {
  const numbers = months.map(({ month, events }) => ({ at: monthNumber(month), events })).filter(({ at }) => at >= 0);
  const [first, last] = [Math.min(...numbers.map(({ at }) => at)), Math.max(...numbers.map(({ at }) => at))];
  if (numbers.length === 0) return [];
  const unit = last - first < MAX_MONTHS ? 1 : 12;
  const start = Math.floor(first / unit);
  const all = Array.from({ length: Math.floor(last / unit) - start + 1 }, (_, index) => ({
    time: timeOf(start + index, unit),
    events: 0,
  }));
  for (const { at, events } of numbers) {
    const bar = all[Math.floor(at / unit) - start];
    if (bar) bar.events += events;
  }
  return all;
}

const monthNumber = (month: string): number => {
  const [year, number] = month.split('-').map(Number);
  return (year ?? Number.NaN) * 12 + (number ?? Number.NaN) - 1;
};

const timeOf = (number: number, unit: number): string => {
  if (unit === 12) return String(number).padStart(4, '0');
  return `${String(Math.floor(number / 12)).padStart(4, '0')}-${String((number % 12) + 1).padStart(2, '0')}`;
};

const written = (time: string): string => {
  const [year = '', month] = time.split('-');
  return month === undefined ? year : `${MONTHS[Number(month) - 1]} ${year}`;
};

/** The first and last day of a year (`2017`) or month (`2017-02`). */
export function spanOf(time: string): { from: Day; to: Day } {
  const [year = '', month] = time.split('-');
  if (month === undefined) return { from: `${year}-01-01` as Day, to: `${year}-12-31` as Day };
  const last = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return { from: `${time}-01` as Day, to: `${time}-${last}` as Day };
}

/** How often something was in the news over time, as a row of bars and as a table. `href` leads to a time's events. */
export function Activity({ months, href }: { months: readonly MonthCount[]; href: (time: string) => string }) {
  const all = bars(months);
  const most = Math.max(...all.map(({ events }) => events), 1);
  const [first, last] = [all[0], all.at(-1)];
  if (!first || !last || all.length < 2) return null;
  const peak = all.reduce((best, bar) => (bar.events > best.events ? bar : best));
  const label = `Events from ${written(first.time)} to ${written(last.time)}; most in ${written(peak.time)}: ${peak.events}`;
  return (
    <figure class="activity">
      <svg
        viewBox={`0 0 ${all.length * 4} ${HEIGHT}`}
        width={Math.max(320, Math.min(all.length * 14, 704))}
        height={HEIGHT}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        {all.map(({ events }, index) => {
          const height = events === 0 ? 0 : Math.max(1, Math.round((events / most) * HEIGHT));
          return <rect x={index * 4} y={HEIGHT - height} width={3} height={height} fill="currentColor" />;
        })}
      </svg>
      <figcaption>
        <span>{written(first.time)}</span>
        <span>{written(last.time)}</span>
      </figcaption>
      <details>
        <summary>
          Most in {written(peak.time)}: {counted(peak.events, 'event')}
        </summary>
        <table class="counts">
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Events</th>
            </tr>
          </thead>
          <tbody>
            {all
              .filter(({ events }) => events > 0)
              .toReversed()
              .map(({ time, events }) => (
                <tr>
                  <th scope="row">
                    <a href={href(time)}>{written(time)}</a>
                  </th>
                  <td>{events}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { addDays, Day, dayNumber, dayOfInstant } from '@throughline/core';
import type { DayProgress, EventProgress } from '@throughline/db';
import type { HtmlEscapedString } from 'hono/utils/html';
import { number } from '../format.ts';
import { Do } from '../page.tsx';
import type { Look, View } from '../view.ts';

const WEEKS = 6;
const MONDAY = 4; // 1970-01-01 was a Thursday

/** Days × stages: what was seen, captured, enriched, and what is short. */
export const days: View = {
  path: '/ops/days',
  title: ({ rest }) => (rest === '' ? 'Days' : rest),
  live: false,
  async render(look) {
    if (look.rest === '') return calendar(look);
    const day = Day.safeParse(look.rest);
    return day.success ? oneDay(day.data, await look.operation.events(day.data), look.mayAct) : undefined;
  },
};

async function calendar({ operation, query, now }: Look): Promise<HtmlEscapedString> {
  const asked = Day.safeParse(query.get('to') ?? '');
  const to = asked.success ? asked.data : dayOfInstant(now);
  const weekday = (dayNumber(to) - MONDAY) % 7;
  const from = addDays(to, -(weekday < 0 ? weekday + 7 : weekday) - 7 * (WEEKS - 1));
  const progress = new Map((await operation.days(from, to)).map((one) => [one.day, one]));
  const all = Array.from({ length: dayNumber(to) - dayNumber(from) + 1 }, (_, n) => addDays(from, n));
  return (
    <>
      <form class="filter" method="get" action="/ops/days">
        <label>
          Six weeks up to
          <input type="date" name="to" value={to} min="1999-01-01" />
        </label>
        <button type="submit">Show</button>
        <a href={`/ops/days?to=${addDays(from, -1)}`}>earlier</a>
        <a href={`/ops/days?to=${addDays(to, 7 * WEEKS)}`}>later</a>
      </form>
      <div class="grid">
        {all.map((day) => (
          <Cell day={day} progress={progress.get(day)} />
        ))}
      </div>
    </>
  );
}

function Cell({ day, progress }: { day: Day; progress: DayProgress | undefined }) {
  if (progress === undefined) {
    return (
      <a href={`/ops/days/${day}`} class="off">
        <b>{day}</b> not read
      </a>
    );
  }
  const { events, enriched, sources, captured, alarm } = progress;
  const level = alarm !== null || events === 0 ? 'bad' : enriched < events || captured < sources ? 'watch' : 'good';
  return (
    <a href={`/ops/days/${day}`} class={level} title={alarm ?? undefined}>
      <b>{day}</b>
      {number(events)} events
      <br />
      {captured}/{sources} captured
      <br />
      {enriched}/{events} enriched
      {alarm !== null && <div>{alarm}</div>}
    </a>
  );
}

const oneDay = (day: Day, events: readonly EventProgress[], mayAct: boolean): HtmlEscapedString =>
  (
    <>
      <p class="sub">
        <a href={`/news/${day.replaceAll('-', '/')}/`}>the day as readers see it</a>
        {mayAct && (
          <>
            {' '}
            <Do action="/ops/days/read" fields={{ day }}>
              Read the page again
            </Do>{' '}
            {events.length > 0 && (
              <Do action="/ops/days/clear" fields={{ day }} grave>
                Clear and do all of it again
              </Do>
            )}
          </>
        )}
      </p>
      <div class="scroll">
        <table>
          <tr>
            <th>event</th>
            <th>state</th>
            <th class="n">captured</th>
            <th>enriched</th>
            <th class="n">entities</th>
            <th class="n">related</th>
            <th>
              <span class="hidden">actions</span>
            </th>
          </tr>
          {events.map(({ id, text, state, sources, captured, version, enrichedVersion, entities, relations }) => (
            <tr>
              <td>
                <a href={`/ops/events/${id}`}>{text.slice(0, 160)}</a>
              </td>
              <td>{state}</td>
              <td class="n">
                {captured}/{sources}
              </td>
              <td>{enrichedVersion >= version ? 'yes' : 'behind'}</td>
              <td class="n">{entities}</td>
              <td class="n">{relations}</td>
              <td>
                {mayAct && state === 'stable' && (
                  <Do action="/ops/events/rerun" fields={{ id }}>
                    Tag and relate again
                  </Do>
                )}
              </td>
            </tr>
          ))}
        </table>
      </div>
      {events.length === 0 && <p>No event of this day is known.</p>}
    </>
  ) as HtmlEscapedString;

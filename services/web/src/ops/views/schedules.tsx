/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { missedTurns, nextTurnMs, spanOf } from '@throughline/core';
import type { ScheduleRow } from '@throughline/db';
import { ago } from '../format.ts';
import { Do } from '../page.tsx';
import type { View } from '../view.ts';

export const schedules: View = {
  path: '/ops/schedules',
  title: () => 'Schedules',
  live: false,
  async render({ controls, mayAct, now }) {
    const all = await controls.schedules();
    if (all.length === 0) return <p>No worker has made its schedules known yet.</p>;
    return (
      <div class="scroll">
        <table>
          <tr>
            <th>schedule</th>
            <th>every</th>
            <th>last</th>
            <th>next</th>
            <th class="n">missed turns</th>
            <th>
              <span class="hidden">actions</span>
            </th>
          </tr>
          {all.map((schedule) => (
            <Row schedule={schedule} mayAct={mayAct} now={now} />
          ))}
        </table>
      </div>
    );
  },
};

function Row({ schedule, mayAct, now }: { schedule: ScheduleRow; mayAct: boolean; now: number }) {
  const { name, everyMs, enabled, optional, lastAt } = schedule;
  return (
    <tr>
      <td>{name}</td>
      <td>{mayAct ? <Every name={name} everyMs={everyMs ?? 0} /> : spanOf(everyMs ?? 0)}</td>
      <td>{ago(lastAt, now)}</td>
      <td>{enabled ? nextOf(lastAt, everyMs ?? 0, now) : optional ? 'off unless wanted' : 'switched off'}</td>
      <td class="n">{enabled ? missedTurns(lastAt, everyMs ?? 0, now) : '–'}</td>
      <td>
        {mayAct && (
          <>
            <Do action="/ops/schedules/run" fields={{ name }}>
              Run now
            </Do>{' '}
            <Do action={`/ops/schedules/${enabled ? 'off' : 'on'}`} fields={{ name }}>
              Switch {enabled ? 'off' : 'on'}
            </Do>
          </>
        )}
      </td>
    </tr>
  );
}

function Every({ name, everyMs }: { name: string; everyMs: number }) {
  return (
    <form method="post" action="/ops/schedules/every">
      <input type="hidden" name="name" value={name} />
      <label>
        <span class="hidden">{name} every so many seconds</span>
        <input type="number" name="seconds" min="1" max="2592000" value={String(everyMs / 1_000)} /> s
      </label>{' '}
      <button type="submit">Set</button>
    </form>
  );
}

function nextOf(lastAt: Date | null, everyMs: number, now: number): string {
  const ms = nextTurnMs(lastAt, everyMs, now);
  if (ms === null) return 'soon';
  return ms <= 0 ? 'now' : `in ${spanOf(ms)}`;
}

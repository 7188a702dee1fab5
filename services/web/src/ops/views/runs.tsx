/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { spanOf } from '@throughline/core';
import type { Run } from '@throughline/db';
import { ago, instant, number } from '../format.ts';
import { Do } from '../page.tsx';
import type { View } from '../view.ts';

const SHOWN = 100;

export const runs: View = {
  path: '/ops/runs',
  title: () => 'Runs',
  live: true,
  async render({ runs: store, mayAct, now }) {
    const all = await store.recent(SHOWN);
    if (all.length === 0) return <p>No run yet.</p>;
    return (
      <div class="scroll">
        <table>
          <tr>
            <th class="n">run</th>
            <th>what</th>
            <th>state</th>
            <th class="n">done</th>
            <th class="n">a second</th>
            <th>left</th>
            <th class="n">requests</th>
            <th>began</th>
            <th>took</th>
            <th>by</th>
            <th>why it ended</th>
            <th>
              <span class="hidden">actions</span>
            </th>
          </tr>
          {all.map((run) => (
            <Row run={run} mayAct={mayAct} now={now} />
          ))}
        </table>
      </div>
    );
  },
};

function Row({ run, mayAct, now }: { run: Run; mayAct: boolean; now: number }) {
  const { id, kind, finished, total, requests, startedAt, startedBy, heartbeatAt, endedAt, failure } = run;
  const ms = (endedAt ?? heartbeatAt).getTime() - startedAt.getTime();
  return (
    <tr>
      <td class="n">{id}</td>
      <td>
        {kind} <Told what={run.arguments} />
      </td>
      <td>{stateOf(run)}</td>
      <td class="n">
        {number(finished)}
        {total !== null && ` of ${number(total)}`}
      </td>
      <td class="n">{rateOf(finished, ms)}</td>
      <td>{endedAt === null ? leftOf(finished, total, ms) : '–'}</td>
      <td class="n">{number(requests)}</td>
      <td>{instant(startedAt)}</td>
      <td>{spanOf(ms)}</td>
      <td>{startedBy ?? '–'}</td>
      <td>{failure ?? (endedAt === null ? `alive ${ago(heartbeatAt, now)}` : '')}</td>
      <td>{mayAct && <Actions run={run} now={now} />}</td>
    </tr>
  );
}

function Told({ what }: { what: unknown }) {
  const text = JSON.stringify(what);
  if (text === '{}') return <></>;
  return (
    <details>
      <summary>how</summary>
      <code>{text.slice(0, 1_000)}</code>
    </details>
  );
}

function Actions({ run: { id, state, asked, failure, endedAt, heartbeatAt }, now }: { run: Run; now: number }) {
  const fields = { id: String(id) };
  if (failure !== null || isSilent(endedAt, heartbeatAt, now)) {
    return (
      <Do action="/ops/runs/acknowledge" fields={fields}>
        Seen
      </Do>
    );
  }
  if (state !== 'running' || asked === 'stop') return <></>;
  return (
    <>
      <Do action={`/ops/runs/${asked === 'pause' ? 'resume' : 'pause'}`} fields={fields}>
        {asked === 'pause' ? 'Resume' : 'Pause'}
      </Do>{' '}
      <Do action="/ops/runs/stop" fields={fields} grave>
        Stop
      </Do>
    </>
  );
}

function stateOf({ state, asked, askedBy }: Run): string {
  if (state !== 'running' || asked === null) return state;
  return `${asked === 'pause' ? 'paused' : 'stopping'} (${askedBy ?? 'somebody'})`;
}

const SILENT_MS = 60_000;

const isSilent = (endedAt: Date | null, heartbeatAt: Date, now: number): boolean =>
  endedAt === null && now - heartbeatAt.getTime() > SILENT_MS;

const rateOf = (finished: number, ms: number): string =>
  finished === 0 || ms <= 0 ? '–' : ((finished / ms) * 1_000).toFixed(1);

const leftOf = (finished: number, total: number | null, ms: number): string =>
  total === null || finished === 0 ? 'not known' : spanOf((ms / finished) * (total - finished));

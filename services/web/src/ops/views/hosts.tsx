/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { spanOf } from '@throughline/core';
import type { HostRow } from '@throughline/db';
import { ago, number, until } from '../format.ts';
import { Do } from '../page.tsx';
import type { View } from '../view.ts';
import { renderHost } from './host.tsx';

const MOST = 200;
const ORDERS = ['waiting', 'failures', 'requests', 'turn', 'name'];

/** The ledger of politeness: what every host asks of us and what we asked of it. */
export const hosts: View = {
  path: '/ops/hosts',
  title: ({ rest }) => (rest === '' ? 'Hosts' : rest),
  live: false,
  async render(look) {
    const { operation, query, mayAct, now, rest } = look;
    if (rest !== '') return renderHost(rest, look);
    const text = query.get('text') ?? '';
    const order = query.get('order') ?? 'waiting';
    const rows = await operation.hosts({ text, order }, MOST);
    return (
      <>
        <form class="filter" method="get" action="/ops/hosts" role="search">
          <label>
            Host
            <input type="search" name="text" value={text} />
          </label>
          <label>
            By
            <select name="order">
              {ORDERS.map((name) => (
                <option value={name} selected={name === order}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <button type="submit">Show</button>
        </form>
        <HostTable rows={rows} mayAct={mayAct} now={now} />
        {rows.length === MOST && <p class="sub">The first {MOST}; search for others.</p>}
      </>
    );
  },
};

export function HostTable({ rows, mayAct, now }: { rows: readonly HostRow[]; mayAct: boolean; now: number }) {
  return (
    <div class="scroll">
      <table>
        <tr>
          <th>host</th>
          <th class="n">waiting</th>
          <th>pace</th>
          <th>next turn</th>
          <th class="n">requests</th>
          <th class="n">failed</th>
          <th>last well</th>
          <th>last failure</th>
          <th>robots.txt</th>
          <th>
            <span class="hidden">actions</span>
          </th>
        </tr>
        {rows.map((row) => (
          <Row row={row} mayAct={mayAct} now={now} />
        ))}
      </table>
    </div>
  );
}

function Row({ row, mayAct, now }: { row: HostRow; mayAct: boolean; now: number }) {
  const { name, blocked, waiting, requests, failures, lastOkAt, lastFailure, robotsAt, retryAfterAt, nextTurnAt } = row;
  return (
    <tr>
      <td>
        <a href={`/ops/hosts/${encodeURIComponent(name)}`}>{name}</a>{' '}
        {blocked && <span class="badge bad">blocked</span>}
      </td>
      <td class="n">{number(waiting)}</td>
      <td>{paceOf(row)}</td>
      <td>
        {row.leaseBy === null ? until(nextTurnAt, now) : `in hand of ${row.leaseBy}`}
        {retryAfterAt !== null && retryAfterAt.getTime() > now && ` (asked to wait: ${until(retryAfterAt, now)})`}
      </td>
      <td class="n">{number(requests)}</td>
      <td class="n">{requests === 0 ? '–' : `${Math.round((failures / requests) * 100)}%`}</td>
      <td>{ago(lastOkAt, now)}</td>
      <td>{lastFailure ?? '–'}</td>
      <td>{ago(robotsAt, now)}</td>
      <td>{mayAct && <Actions row={row} />}</td>
    </tr>
  );
}

function paceOf({ paceMs, paceOverrideMs, crawlDelayMs, backoff }: HostRow): string {
  const own = spanOf(paceOverrideMs ?? Math.max(paceMs, crawlDelayMs ?? 0));
  const why = paceOverrideMs !== null ? ' (set here)' : (crawlDelayMs ?? 0) > paceMs ? ' (its crawl-delay)' : '';
  return `1 in ${own}${why}${backoff > 0 ? `, slowed ${backoff} times` : ''}`;
}

const Actions = ({ row: { name, blocked, paceOverrideMs } }: { row: HostRow }) => (
  <>
    <Do action={`/ops/hosts/${blocked ? 'unblock' : 'block'}`} fields={{ host: name }} grave={!blocked}>
      {blocked ? 'Unblock' : 'Block'}
    </Do>{' '}
    <form method="post" action="/ops/hosts/pace">
      <input type="hidden" name="host" value={name} />
      <input
        name="seconds"
        size={4}
        inputmode="decimal"
        aria-label={`Seconds between requests to ${name}`}
        value={paceOverrideMs === null ? '' : String(paceOverrideMs / 1_000)}
      />
      <button type="submit">Set pace</button>
    </form>
  </>
);

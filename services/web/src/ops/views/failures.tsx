/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { ArticleTrouble, FailureFilter, FailureGroup, TroubleFilter } from '@throughline/db';
import { jobs } from '@throughline/pipeline';
import { ago, number, until } from '../format.ts';
import { Do } from '../page.tsx';
import type { View } from '../view.ts';

/** The inbox: what needs a person, grouped so that a thousand alike are one line. */
export const failures: View = {
  path: '/ops/failures',
  title: () => 'Failures',
  live: false,
  async render({ failures: store, operation, query, mayAct, now }) {
    const filter = failureFilter(query);
    const trouble = { ...(filter.host !== undefined && { host: filter.host }), text: filter.text ?? '' };
    const hasArticles = filter.stage === undefined || filter.stage === 'capture';
    const [failed, troubles, articles] = await Promise.all([
      store.groups(filter),
      hasArticles ? operation.trouble(trouble) : [],
      hasArticles ? operation.troubled(trouble) : 0,
    ]);
    return (
      <>
        <Filter filter={filter} />
        <h2>Jobs that failed for good</h2>
        <Jobs {...failed} filter={filter} mayAct={mayAct} now={now} />
        <h2>Articles that could not be had</h2>
        <Articles troubles={troubles} all={articles} trouble={trouble} mayAct={mayAct} now={now} />
      </>
    );
  },
};

/** What an address or a form says of which failures are meant; `hostless` are those that are of no host, where an empty host is any. */
export function failureFilter(query: URLSearchParams): FailureFilter {
  const said = (name: string) => query.get(name) || undefined;
  const [stage, cause, host, text] = ['stage', 'cause', 'host', 'text'].map(said);
  const of = query.has('hostless') ? { host: '' } : host && { host };
  return { ...(stage && { stage }), ...(cause && { cause }), ...of, ...(text && { text }) };
}

function Filter({ filter: { stage = '', cause, host = '', text = '' } }: { filter: FailureFilter }) {
  return (
    <form class="filter" method="get" action="/ops/failures" role="search">
      <label>
        Search (URL, entity, error, payload)
        <input type="search" name="text" value={text} />
      </label>
      <label>
        Stage
        <select name="stage">
          {['', ...jobs.map((job) => job.name)].map((name) => (
            <option value={name} selected={name === stage}>
              {name || 'all'}
            </option>
          ))}
        </select>
      </label>
      <label>
        Host
        <input name="host" value={host} />
      </label>
      {cause !== undefined && <input type="hidden" name="cause" value={cause} />}
      <button type="submit">Show</button>
      {(cause ?? (stage || host || text)) && <a href="/ops/failures">all</a>}
    </form>
  );
}

function Jobs({
  groups,
  jobs: all,
  others,
  filter,
  mayAct,
  now,
}: {
  groups: readonly FailureGroup[];
  jobs: number;
  others: number;
  filter: FailureFilter;
  mayAct: boolean;
  now: number;
}) {
  if (groups.length === 0) return <p class="sub">None.</p>;
  const { text = '', host, ...rest } = filter;
  const of = host === '' ? { hostless: '1' } : host !== undefined && { host };
  const same = { ...(rest as Record<string, string>), ...of, text };
  return (
    <>
      {mayAct && (
        <p>
          <Do action="/ops/failures/retry" fields={same}>
            Retry all {number(all)}
          </Do>{' '}
          <Do action="/ops/failures/drop" fields={same} grave>
            Drop all {number(all)}
          </Do>
        </p>
      )}
      <div class="scroll">
        <table>
          <tr>
            <th class="n">jobs</th>
            <th>stage</th>
            <th>host</th>
            <th>cause</th>
            <th>latest</th>
            <th>
              <span class="hidden">actions</span>
            </th>
          </tr>
          {groups.map((group) => (
            <JobGroup group={group} text={text} mayAct={mayAct} now={now} />
          ))}
        </table>
      </div>
      {others > 0 && <p class="sub">and {number(others)} smaller groups: narrow the search to see them.</p>}
    </>
  );
}

function JobGroup({
  group: { stage, cause, host, count, lastAt, examples },
  text,
  mayAct,
  now,
}: {
  group: FailureGroup;
  text: string;
  mayAct: boolean;
  now: number;
}) {
  const fields = { stage, cause, text, ...(host === null ? { hostless: '1' } : { host }) };
  return (
    <tr>
      <td class="n">{number(count)}</td>
      <td>{stage}</td>
      <td>{host ?? '–'}</td>
      <td>
        <a href={`/ops/failures?${new URLSearchParams(fields).toString()}`}>{cause || '(no words)'}</a>
        <details>
          <summary>examples</summary>
          {examples.map(({ key, error }) => (
            <p>
              <code>{key.slice(0, 120)}</code>: {error}
            </p>
          ))}
        </details>
      </td>
      <td>{ago(lastAt, now)}</td>
      <td>
        {mayAct && (
          <>
            <Do action="/ops/failures/retry" fields={fields}>
              Retry
            </Do>{' '}
            <Do action="/ops/failures/drop" fields={fields} grave>
              Drop
            </Do>
          </>
        )}
      </td>
    </tr>
  );
}

function Articles({
  troubles,
  all,
  trouble,
  mayAct,
  now,
}: {
  troubles: readonly ArticleTrouble[];
  all: number;
  trouble: TroubleFilter;
  mayAct: boolean;
  now: number;
}) {
  if (troubles.length === 0) return <p class="sub">None.</p>;
  const fields = { all: '1', ...(trouble as Record<string, string>) };
  const others = all - troubles.reduce((sum, { count }) => sum + count, 0);
  return (
    <>
      {mayAct && (
        <p>
          <Do action="/ops/articles/retry" fields={fields}>
            Try all {number(all)} again
          </Do>{' '}
          <Do action="/ops/articles/gone" fields={fields} grave>
            Mark all {number(all)} gone
          </Do>
        </p>
      )}
      <div class="scroll">
        <table>
          <tr>
            <th class="n">articles</th>
            <th>host</th>
            <th>ended</th>
            <th>next try</th>
            <th>examples</th>
            <th>
              <span class="hidden">actions</span>
            </th>
          </tr>
          {troubles.map(({ state, reason, host, count, nextTryAt, examples }) => (
            <tr>
              <td class="n">{number(count)}</td>
              <td>
                <a href={`/ops/hosts/${encodeURIComponent(host)}`}>{host}</a>
              </td>
              <td>
                {state}
                {reason && `: ${reason}`}
              </td>
              <td>{until(nextTryAt, now)}</td>
              <td>
                <details>
                  <summary>{Math.min(3, count)}</summary>
                  {examples.map(({ url }) => (
                    <p>
                      <code>{url}</code>
                    </p>
                  ))}
                </details>
              </td>
              <td>
                {mayAct && (
                  <>
                    <Do action="/ops/articles/retry" fields={{ state, reason, host }}>
                      Try again
                    </Do>{' '}
                    <Do action="/ops/articles/gone" fields={{ state, reason, host }} grave>
                      Mark gone
                    </Do>
                  </>
                )}
              </td>
            </tr>
          ))}
        </table>
      </div>
      {others > 0 && <p class="sub">and {number(others)} in smaller groups: narrow the search to see them.</p>}
    </>
  );
}

/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { UnfoundField } from '@throughline/db';
import { ago, instant, number } from '../format.ts';
import { Do } from '../page.tsx';
import type { View } from '../view.ts';

export const sources: View = {
  path: '/ops/sources',
  title: () => 'Sources',
  live: true,
  async render({ facts, now }) {
    const { sources: all, live } = await facts();
    return (
      <>
        {!live && (
          <p class="sub">
            Nothing is read live: set <code>THROUGHLINE_CONTACT</code> to an address under which you can be reached.
          </p>
        )}
        <div class="scroll">
          <table>
            <tr>
              <th>source</th>
              <th>newest content</th>
              <th>newest day</th>
              <th>read</th>
              <th>last failure</th>
            </tr>
            {all.map(({ source, newestContentAt, newestDay, readAt, failedAt, failure }) => (
              <tr>
                <td>{source}</td>
                <td>{ago(newestContentAt, now)}</td>
                <td>{newestDay ?? '–'}</td>
                <td>{ago(readAt, now)}</td>
                <td>{failedAt === null ? '–' : `${ago(failedAt, now)}: ${failure ?? ''}`}</td>
              </tr>
            ))}
          </table>
        </div>
      </>
    );
  },
};

export const webhooks: View = {
  path: '/ops/webhooks',
  title: () => 'Webhooks',
  live: true,
  async render({ facts, mayAct }) {
    const { subscriptions } = await facts();
    if (subscriptions.length === 0) return <p class="sub">Nobody subscribes.</p>;
    return (
      <div class="scroll">
        <table>
          <tr>
            <th>subscriber</th>
            <th class="n">changes to tell</th>
            <th class="n">tries</th>
            <th class="n">dead letters</th>
            <th>last failure</th>
            <th>
              <span class="hidden">actions</span>
            </th>
          </tr>
          {subscriptions.map(({ id, url, lag, attempts, deadLetters, failure }) => (
            <tr>
              <td>{url}</td>
              <td class="n">{number(lag)}</td>
              <td class="n">{attempts}</td>
              <td class="n">{deadLetters}</td>
              <td>{failure ?? '–'}</td>
              <td>
                {mayAct && attempts > 0 && (
                  <Do action="/ops/webhooks/try" fields={{ id: String(id) }}>
                    Try now
                  </Do>
                )}{' '}
                {mayAct && deadLetters > 0 && (
                  <>
                    <Do action="/ops/webhooks/replay" fields={{ id: String(id) }}>
                      Replay
                    </Do>{' '}
                    <Do action="/ops/webhooks/drop" fields={{ id: String(id) }} grave>
                      Drop
                    </Do>
                  </>
                )}
              </td>
            </tr>
          ))}
        </table>
      </div>
    );
  },
};

export const extraction: View = {
  path: '/ops/extraction',
  title: () => 'Extraction',
  live: false,
  async render({ operation, facts, query }) {
    const host = query.get('host')?.trim() || undefined;
    const field = query.get('field')?.trim() || undefined;
    const [rules, unfound, { hosts }] = await Promise.all([
      operation.rules(host),
      field === undefined ? [] : operation.unfound(field, MOST_HOSTS),
      facts(),
    ]);
    const fields = grouped(rules);
    return (
      <>
        <p class="sub">
          Which rule found each field, and how often none did, over the latest 5,000 articles that were read
          {host === undefined ? '' : ` of ${host}`}.
        </p>
        <form class="filter" method="get" action="/ops/extraction">
          <label>
            host
            <input name="host" value={host ?? ''} />
          </label>
          <label>
            field not found
            <input name="field" value={field ?? ''} />
          </label>
          <button type="submit">Show</button>
        </form>
        {field !== undefined && <Unfound field={field} rows={unfound} />}
        {[...fields].map(([field, of]) => (
          <section>
            <h2>{field}</h2>
            <div class="scroll">
              <table>
                {of.map(({ rule, articles }) => (
                  <tr>
                    <td>{rule ?? <a href={`/ops/extraction?field=${encodeURIComponent(field)}`}>no rule</a>}</td>
                    <td class="n">{number(articles)}</td>
                    <td class="n">{Math.round((articles / totalOf(of)) * 100)}%</td>
                  </tr>
                ))}
              </table>
            </div>
          </section>
        ))}
        {fields.size === 0 && <p>No article has been read yet.</p>}
        <h2>Newly failing hosts</h2>
        {hosts.newlyFailing.length === 0 && <p class="sub">None.</p>}
        <ul>
          {hosts.newlyFailing.map(({ host, failure }) => (
            <li>
              <a href={`/ops/hosts/${encodeURIComponent(host)}`}>{host}</a>: {failure}
            </li>
          ))}
        </ul>
      </>
    );
  },
};

function grouped<T extends { field: string }>(rows: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) groups.set(row.field, [...(groups.get(row.field) ?? []), row]);
  return groups;
}

/** Hosts that are listed for a field. */
const MOST_HOSTS = 50;

/** On whose pages a field is not found; each leads to how that host's pages are read. */
function Unfound({ field, rows }: { field: string; rows: readonly UnfoundField[] }) {
  return (
    <section>
      <h2>Hosts without {field}</h2>
      {rows.length === 0 && <p class="sub">None: it was found on every article.</p>}
      <div class="scroll">
        <table>
          {rows.map(({ host, articles, unfound }) => (
            <tr>
              <td>
                <a href={`/ops/extraction?host=${encodeURIComponent(host)}`}>{host}</a>
              </td>
              <td class="n">
                {number(unfound)} of {number(articles)}
              </td>
              <td class="n">{Math.round((unfound / articles) * 100)}%</td>
            </tr>
          ))}
        </table>
      </div>
    </section>
  );
}

const totalOf = (rules: readonly { articles: number }[]): number =>
  rules.reduce((sum, { articles }) => sum + articles, 0);

export const audit: View = {
  path: '/ops/audit',
  title: () => 'Audit',
  live: false,
  async render({ audit: store }) {
    const all = await store.recent(200);
    return (
      <div class="scroll">
        <table>
          <tr>
            <th>when</th>
            <th>who</th>
            <th>did</th>
            <th>to</th>
            <th>facts</th>
          </tr>
          {all.map(({ at, operator, action, target, facts }) => (
            <tr>
              <td>{instant(at)}</td>
              <td>{operator}</td>
              <td>{action}</td>
              <td>{target}</td>
              <td>
                <code>{JSON.stringify(facts)}</code>
              </td>
            </tr>
          ))}
        </table>
        {all.length === 0 && <p>Nobody has done anything yet.</p>}
      </div>
    );
  },
};

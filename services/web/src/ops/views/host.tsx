/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { HostArticles, HostPage } from '@throughline/db';
import { z } from 'zod';
import { ago, number } from '../format.ts';
import type { Look } from '../view.ts';
import { HostTable } from './hosts.tsx';

/** One host: what it asks of us, and how its articles end. Undefined where nobody has heard of it. */
export async function renderHost(name: string, { operation, mayAct, now }: Look) {
  const page = await operation.host(name);
  if (page === undefined) return undefined;
  return (
    <>
      <HostTable rows={[page.row]} mayAct={mayAct} now={now} />
      <h2>robots.txt</h2>
      <Robots page={page} now={now} />
      <h2>Articles</h2>
      <Articles articles={page.articles} host={name} />
    </>
  );
}

/** What is kept of a robots.txt: the groups that speak to us. */
const KeptRobots = z.object({
  groups: z.array(
    z.object({
      rules: z.array(z.object({ allow: z.boolean(), pattern: z.string() })),
      crawlDelaySeconds: z.number().optional(),
    }),
  ),
});

const MOST_RULES = 1_000;

function Robots({ page: { robots, row }, now }: { page: HostPage; now: number }) {
  if (row.robotsAt === null) return <p class="sub">Not read yet: nothing has been asked of this host.</p>;
  const kept = KeptRobots.safeParse(robots);
  const lines = kept.success
    ? kept.data.groups.flatMap(({ rules, crawlDelaySeconds }) => [
        ...(crawlDelaySeconds === undefined ? [] : [`Crawl-delay: ${crawlDelaySeconds}`]),
        ...rules.map(({ allow, pattern }) => `${allow ? 'Allow' : 'Disallow'}: ${pattern}`),
      ])
    : [];
  return (
    <>
      <p class="sub">
        As read {ago(row.robotsAt, now)}, the part that speaks to us
        {lines.length > MOST_RULES && `, the first ${MOST_RULES} of ${number(lines.length)} lines`}.
      </p>
      {lines.length === 0 ? (
        <p>It forbids nothing.</p>
      ) : (
        <pre tabindex={0}>{lines.slice(0, MOST_RULES).join('\n')}</pre>
      )}
    </>
  );
}

function Articles({ articles, host }: { articles: readonly HostArticles[]; host: string }) {
  if (articles.length === 0) return <p class="sub">None.</p>;
  return (
    <>
      <div class="scroll">
        <table>
          <tr>
            <th class="n">articles</th>
            <th>state</th>
            <th class="n">with an archived copy</th>
            <th>why</th>
          </tr>
          {articles.map(({ state, reason, count, copies }) => (
            <tr>
              <td class="n">{number(count)}</td>
              <td>{state}</td>
              <td class="n">{number(copies)}</td>
              <td>{reason || '–'}</td>
            </tr>
          ))}
        </table>
      </div>
      <p>
        <a href={`/ops/failures?host=${encodeURIComponent(host)}`}>Its failures</a>
      </p>
    </>
  );
}

/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { spanOf, type StageFacts } from '@throughline/core';
import { quantileOf, type JobCount, type Rollup } from '@throughline/db';
import { number, took } from '../format.ts';
import { Do } from '../page.tsx';
import type { View } from '../view.ts';
import { LAST_DAY, LAST_MONTH, Spark } from './spark.tsx';

export const queues: View = {
  path: '/ops/queues',
  title: () => 'Queues',
  live: true,
  async render({ facts, throughput, throughputOfMonth, controls, mayAct, now }) {
    const [{ queue }, rollups, month, atOnce] = await Promise.all([
      facts(),
      throughput().catch(() => []),
      throughputOfMonth().catch(() => []),
      controls.concurrency(),
    ]);
    if ('failure' in queue) return <p>The queue cannot be reached: {queue.failure}.</p>;
    return (
      <>
        <p>
          <a href="/ops/jobs">Every job as it is in the queue</a>, with its payload, its tries and its errors.
        </p>
        <div class="scroll">
          <table>
            <tr>
              <th>stage</th>
              <th class="n">waiting</th>
              <th class="n">active</th>
              <th class="n">later</th>
              <th class="n">behind</th>
              <th>next ready for</th>
              <th class="n">last hour</th>
              <th class="n">p50</th>
              <th class="n">p95</th>
              <th>24 hours</th>
              <th>30 days</th>
              <th>at once</th>
              <th>
                <span class="hidden">actions</span>
              </th>
            </tr>
            {queue.stages.map((stage) => (
              <Row
                stage={stage}
                rollups={rollups}
                month={month}
                atOnce={atOnce.get(stage.stage)}
                mayAct={mayAct}
                now={now}
              />
            ))}
          </table>
        </div>
      </>
    );
  },
};

function Row({
  stage: facts,
  rollups,
  month,
  atOnce,
  mayAct,
  now,
}: {
  stage: StageFacts;
  rollups: readonly Rollup[];
  month: readonly JobCount[];
  atOnce: number | undefined;
  mayAct: boolean;
  now: number;
}) {
  const { stage, waiting, active, delayed, behind, paused, oldestWaitingAgeMs, doneLastHour } = facts;
  const buckets = bucketsOf(rollups, stage);
  return (
    <tr>
      <td class="name">
        {stage} {paused && <span class="badge watch">paused</span>}
      </td>
      <td class="n">{number(waiting)}</td>
      <td class="n">{number(active)}</td>
      <td class="n">{number(delayed)}</td>
      <td class="n">{number(behind)}</td>
      <td>{oldestWaitingAgeMs === null ? '–' : spanOf(oldestWaitingAgeMs)}</td>
      <td class="n">{number(doneLastHour)}</td>
      <td class="n">{took(quantileOf(buckets, 0.5))}</td>
      <td class="n">{took(quantileOf(buckets, 0.95))}</td>
      <td>
        <Spark span={LAST_DAY} counts={rollups} stage={stage} now={now} />
      </td>
      <td>
        <Spark span={LAST_MONTH} counts={month} stage={stage} now={now} />
      </td>
      <td>{mayAct ? <AtOnce stage={stage} atOnce={atOnce} /> : (atOnce ?? 'as started')}</td>
      <td>
        {mayAct && (
          <Do action={`/ops/queues/${paused ? 'resume' : 'pause'}`} fields={{ stage }}>
            {paused ? 'Resume' : 'Pause'} <span class="hidden">{stage}</span>
          </Do>
        )}
      </td>
    </tr>
  );
}

/** How many each worker does at once; empty for what it was started with. */
function AtOnce({ stage, atOnce }: { stage: string; atOnce: number | undefined }) {
  return (
    <form method="post" action="/ops/queues/concurrency">
      <input type="hidden" name="stage" value={stage} />
      <label>
        <span class="hidden">{stage} at once</span>
        <input
          type="number"
          name="concurrency"
          min="1"
          max="500"
          value={atOnce === undefined ? '' : String(atOnce)}
          placeholder="as started"
        />
      </label>
      <button type="submit">Set</button>
    </form>
  );
}

function bucketsOf(rollups: readonly Rollup[], stage: string): number[] {
  const sums: number[] = [];
  for (const { stage: of, buckets } of rollups) {
    if (of === stage) buckets.forEach((jobs, at) => (sums[at] = (sums[at] ?? 0) + jobs));
  }
  return sums;
}

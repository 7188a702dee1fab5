/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { Rollup } from '@throughline/db';

export const SPARK_STEP_MS = 30 * 60_000;
const STEPS = 48;
const WIDTH = 3;
const HEIGHT = 28;

/** What a stage did in the last 24 hours, a bar each half hour; what failed in red. Read out as a sentence. */
export function Spark({ rollups, stage, now }: { rollups: readonly Rollup[]; stage: string; now: number }) {
  const first = Math.floor(now / SPARK_STEP_MS) - STEPS + 1;
  const bars = Array.from({ length: STEPS }, () => ({ well: 0, failed: 0 }));
  for (const { at, stage: of, outcome, jobs } of rollups) {
    const bar = bars[Math.floor(at.getTime() / SPARK_STEP_MS) - first];
    if (of !== stage || bar === undefined) continue;
    if (outcome === 'failed' || outcome === 'rejected') bar.failed += jobs;
    else bar.well += jobs;
  }
  const most = Math.max(1, ...bars.map(({ well, failed }) => well + failed));
  const height = (jobs: number) => (jobs === 0 ? 0 : Math.max(1, Math.round((jobs / most) * HEIGHT)));
  const all = bars.reduce((sum, { well, failed }) => ({ well: sum.well + well, failed: sum.failed + failed }));
  return (
    <svg
      class="spark"
      viewBox={`0 0 ${STEPS * WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${stage}, last 24 hours: ${all.well} jobs went well, ${all.failed} failed`}
    >
      {bars.map(({ well, failed }, at) => [
        <rect x={at * WIDTH} y={HEIGHT - height(well)} width={WIDTH - 1} height={height(well)} />,
        <rect class="failed" x={at * WIDTH} y={0} width={WIDTH - 1} height={height(failed)} />,
      ])}
    </svg>
  );
}

/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { JobCount } from '@throughline/db';

/** What a picture covers, in steps: each is a bar. */
export interface SparkSpan {
  said: string;
  stepMs: number;
  steps: number;
}

export const LAST_DAY: SparkSpan = { said: 'last 24 hours', stepMs: 30 * 60_000, steps: 48 };
export const LAST_MONTH: SparkSpan = { said: 'last 30 days', stepMs: 12 * 3_600_000, steps: 60 };

const WIDTH = 3;
const HEIGHT = 28;

/** From when on the rollups of a picture are needed: its first step begins there. */
export const sparkFrom = ({ stepMs, steps }: SparkSpan, now: number): Date =>
  new Date((Math.floor(now / stepMs) - steps + 1) * stepMs);

/** What a stage did, a bar each step; what failed in red. Read out as a sentence. */
export function Spark({
  span: { said, stepMs, steps },
  counts,
  stage,
  now,
}: {
  span: SparkSpan;
  counts: readonly JobCount[];
  stage: string;
  now: number;
}) {
  const first = Math.floor(now / stepMs) - steps + 1;
  const bars = Array.from({ length: steps }, () => ({ well: 0, failed: 0 }));
  for (const { at, stage: of, outcome, jobs } of counts) {
    const bar = bars[Math.floor(at.getTime() / stepMs) - first];
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
      viewBox={`0 0 ${steps * WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${stage}, ${said}: ${all.well} jobs went well, ${all.failed} failed`}
    >
      {bars.map(({ well, failed }, at) => [
        <rect x={at * WIDTH} y={HEIGHT - height(well)} width={WIDTH - 1} height={height(well)} />,
        <rect class="failed" x={at * WIDTH} y={0} width={WIDTH - 1} height={height(failed)} />,
      ])}
    </svg>
  );
}

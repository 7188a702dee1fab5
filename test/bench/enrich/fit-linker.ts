/**
 * Fits the linker's boosted trees and writes `packages/enrich/src/weights/linker.ts`:
 *
 *   npx tsx --conditions=source test/bench/enrich/fit-linker.ts --train=A.jsonl.gz,B.jsonl.gz [--from=2015-06-01]
 *
 * Walks through the events day by day, twice: once with all earlier days
 * learnt, once with those of the last four months left out, so that the trees
 * know both a linker in step with the news and one that is not. Each event is
 * looked at before it is learnt.
 */
import { judgeRows, type JudgeRows } from './linker-rows.ts';
import { bin, fitLogistic } from './boosting.ts';
import { option, readLines, type LinkedEvent } from './read-events.ts';
import { writeWeights } from './weights-file.ts';

const STALE_DAYS = 120;
const SPAN = { trees: 220, depth: 6, rate: 0.07, penalty: 2, leastHessian: 8, columnShare: 0.5, rowShare: 0.6 };
const TITLE = { ...SPAN, trees: 90, rate: 0.15 };

const files = option('train')?.split(',') ?? [];
if (files.length === 0) throw new Error('say --train=FILE,…');
const events = files.flatMap((file) => readLines<LinkedEvent>(file));
const from = option('from') ?? '2015-06-01';
const passes = [0, STALE_DAYS].map((delayDays) => judgeRows(events, { delayDays, from }));

const fit = (kind: 'spans' | 'titles', options: typeof SPAN) => {
  const { rows, width, labels, weights } = joined(passes.map((pass) => pass[kind]));
  console.error(`${kind}: ${labels.length} rows`);
  return fitLogistic(bin(rows, labels.length, width), labels, weights, options);
};

function joined(parts: readonly JudgeRows[]): JudgeRows {
  const width = parts[0]?.width ?? 0;
  const rows = new Float32Array(parts.reduce((sum, part) => sum + part.rows.length, 0));
  let at = 0;
  for (const part of parts) {
    rows.set(part.rows, at);
    at += part.rows.length;
  }
  return {
    width,
    rows,
    labels: parts.flatMap(({ labels }) => labels),
    weights: parts.flatMap(({ weights }) => weights),
  };
}

writeWeights(
  new URL('../../../packages/enrich/src/weights/linker.ts', import.meta.url),
  'test/bench/enrich/fit-linker.ts',
  { spanWeights: fit('spans', SPAN), titleWeights: fit('titles', TITLE) },
);

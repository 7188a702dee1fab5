/**
 * Fits the weights of the learnt signals to the headers under which editors
 * put events, and writes `packages/enrich/src/weights/relation.ts`:
 *
 *   npx tsx --conditions=source test/bench/enrich/fit-relate.ts --events=E.jsonl.gz --gold=G.jsonl.gz
 *     [--from=2014-01-01] [--until=2021-12-31] [--queries=6000] [--trees=60]
 *
 * Asks of a sample of events between those days which earlier ones belong with
 * them, and boosts one row of trees per signal under LambdaRank (Burges 2010)
 * with nDCG@10. The score of a pair is the sum of its pieces of evidence, each
 * made positive by softplus: so the fitted model stays additive.
 */
import { createEventIndex, signals, type IndexedEvent } from '@throughline/enrich';
import { candidates } from '../../../packages/enrich/src/candidates.ts';
import { pairOf } from '../../../packages/enrich/src/pair.ts';
import { queryOf } from '../../../packages/enrich/src/query.ts';
import type { LearntSignal } from '../../../packages/enrich/src/signals/learnt.ts';
import { taggedEvents } from '../../../services/cli/src/lab/tagged-events.ts';
import { fitRanking, type Asked, type Bag } from './ranking.ts';
import { option, readLines } from './read-events.ts';
import { writeWeights } from './weights-file.ts';

interface Gold {
  id: string;
  date: string;
  spec: string[];
  broad: string[];
  last: string[];
}

const gold = new Map(readLines<Gold>(option('gold') ?? '').map((line) => [line.id, line]));
const index = createEventIndex();
const events: IndexedEvent[] = [];
for await (const event of taggedEvents(option('events') ?? '')) {
  events.push(event);
  index.upsert(event);
}
const learnt = signals.filter((signal): signal is LearntSignal => 'instances' in signal);

/** How well a candidate answers: by the innermost header, by another, not at all; undefined where it cannot be told. */
function gainOf(asked: Gold, candidate: Gold): number | undefined {
  if (candidate.spec.some((topic) => asked.last.includes(topic))) return 2;
  if (candidate.spec.some((topic) => asked.spec.includes(topic))) return 1;
  return candidate.broad.some((topic) => asked.broad.includes(topic)) ? undefined : 0;
}

const [from, until] = [option('from') ?? '2014-01-01', option('until') ?? '2021-12-31'];
const askable = events.filter(({ id, day }) => day >= from && day <= until && (gold.get(id)?.spec.length ?? 0) > 0);
const step = Math.max(1, askable.length / Number(option('queries') ?? 6000));
const bags: Bag[] = learnt.map(({ columns }) => ({ width: columns.length, rows: [], pairs: [] }));
const asked: Asked[] = [];
let pairs = 0;
for (let at = 0; at < askable.length; at += step) {
  const event = askable[Math.floor(at)];
  const own = event && gold.get(event.id);
  if (!event || !own) continue;
  const query = queryOf(index, event);
  const gains: number[] = [];
  for (const slot of candidates(query, { later: false })) {
    const other = gold.get(index.idAt(slot));
    const gain = other && gainOf(own, other);
    if (gain === undefined) continue;
    const pair = pairOf(query, slot);
    learnt.forEach((signal, i) =>
      signal.instances(pair, (row) => {
        bags[i]?.rows.push(...row);
        bags[i]?.pairs.push(pairs + gains.length);
      }),
    );
    gains.push(gain);
  }
  if (gains.some((gain) => gain > 0)) asked.push({ first: pairs, gains });
  pairs += gains.length;
}
console.error(`${asked.length} queries, ${pairs} pairs, ${bags.map(({ pairs }) => pairs.length).join(' ')} pieces`);

const fitted = fitRanking(asked, bags, pairs, { trees: Number(option('trees') ?? 60), log: console.error });
writeWeights(
  new URL('../../../packages/enrich/src/weights/relation.ts', import.meta.url),
  'test/bench/enrich/fit-relate.ts',
  { relationWeights: Object.fromEntries(learnt.map(({ name }, i) => [name, fitted[i]!])) },
);

/**
 * A worker as `throughline worker` starts it, for the politeness simulator: its
 * web is one server on loopback, its snoozes are short so that simulated time
 * may leap, and it tells its parent how much memory it takes.
 * Arguments: the database, the queue, the data directory, the web's origin, its hosts, the forbidden port.
 */
import { openDatabase } from '@throughline/db';
import { createFetcher } from '@throughline/fetch';
import { jobs } from '@throughline/pipeline';
import { openQueue, type Backend, type Stage } from '@throughline/queue';
import { openContext, startWorker } from '@throughline/worker';

const [databaseUrl = '', queueUrl = '', dataDirectory = '', origin = '', names = '', port = ''] = process.argv.slice(2);
const LONGEST_SNOOZE_MS = 1_000;
/** A page that drips need not hold the simulation up for half a minute. */
const DEADLINE_MS = 2_000;

const replay = { origin, hosts: new Set(names.split(',')) };
const db = openDatabase(databaseUrl, { maxConnections: 8 });
const opened = openContext({
  db,
  dataDirectory,
  settleHours: 0,
  contact: 'ops@example.org',
  sources: [],
  replay,
  version: '0.0.0',
});
const context = {
  ...opened,
  replayed: () => false, // these hosts have patience to lose
  fetcher: createFetcher({
    userAgent: 'Throughline/0.0.0 (ops@example.org)',
    replay,
    limits: { deadlineMs: DEADLINE_MS },
    guard: {
      allowPorts: [Number(port)],
      async lookup(name) {
        if (name === 'rebind.example') return [{ address: '127.0.0.1', family: 4 }];
        throw Object.assign(new Error(`no such name: ${name}`), { code: 'ENOTFOUND' });
      },
    },
  }),
};

const hasty = <P, Ctx>(stage: Stage<P, Ctx>): Stage<P, Ctx> => ({
  ...stage,
  async run(...given) {
    const outcome = await stage.run(...given);
    return outcome.kind === 'snoozed' ? { ...outcome, delayMs: Math.min(outcome.delayMs, LONGEST_SNOOZE_MS) } : outcome;
  },
});

const queue = await openQueue({ url: queueUrl, jobs, log: { warn() {}, error() {} } });
const impatient: Backend = { ...queue, work: (stage, ...rest) => queue.work(hasty(stage), ...rest) };
const worker = await startWorker({
  queue: impatient,
  context,
  report({ outcome, stage, key }) {
    if (outcome.kind === 'failed') process.send?.({ failed: `${stage} ${key}: ${String(outcome.error)}` });
  },
});
let most = 0;
const watch = setInterval(() => {
  const { rss } = process.memoryUsage();
  if (rss <= most) return;
  most = rss;
  process.send?.({ rss });
}, 50);
process.send?.({ ready: true });
process.once('message', () => {
  clearInterval(watch);
  void worker
    .close({ timeoutMs: 5_000 })
    .then(() => db.destroy())
    .then(() => process.disconnect());
});

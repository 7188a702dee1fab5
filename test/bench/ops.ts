import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { controlStore, migrate, openDatabase } from '@throughline/db';
import { jobs, scheduledJobs } from '@throughline/pipeline';
import { openQueue } from '@throughline/queue';
import { startEmbeddedPostgres } from '@throughline/runtime';
import { addOps, createApp } from '@throughline/web';
import { sql } from 'kysely';
import { siteInMemory } from '../support/site-reader.ts';

/**
 * Arguments: how many events, how many samples of each view. Of the events a twentieth fail as jobs and a fiftieth are
 * hosts; four jobs an event are in the queue.
 */
const events = Number(process.argv[2] ?? 250_000);
const hosts = Math.ceil(events / 50);
const failures = Math.ceil(events / 20);
const queued = events * 4;
const SAMPLES = Number(process.argv[3] ?? 20);
const TARGET_MS = 200;
const TOKEN = 'a-token-for-the-bench-alone';

const dataDirectory = await mkdtemp(join(tmpdir(), 'throughline-bench-'));
await chmod(dataDirectory, 0o755); // as root, Postgres runs as another user
const server = await startEmbeddedPostgres({ dataDirectory, log: { info() {} }, durable: false });
const db = openDatabase(server.url, { maxConnections: 5 });
await migrate(db);
const fill = [
  sql`insert into page (source, day, title, event_count, content_at, read_at)
    select 'portal', current_date - n, 'page ' || n, 25, now() - n * interval '1 day', now() from generate_series(0, ${Math.ceil(events / 25)}) n`,
  sql`insert into event (id, page_id, day, position, text, section, links, state, slug, first_seen_at, present_since, stable_at, enriched_version)
    select gen_random_uuid(), p.id, p.day, n % 25, 'A thing of number ' || n || ' happens.', '', '[]', 'stable', 'a-thing-' || n, now(), now(), now(),
      case when n % 100 = 0 then 0 else 1 end
    from generate_series(1, ${events}) n join page p on p.day = current_date - n / 25`,
  sql`insert into host (name, requests, failures, last_ok_at, backoff)
    select 'host' || n || '.example', n, n / 9, now(), case when n % 500 = 0 then 6 else 0 end from generate_series(0, ${hosts - 1}) n`,
  sql`insert into article (url, cited_url, host, state, reason, next_try_at, captured_at, tried_at, rules)
    select 'host' || n % ${hosts} || '.example/' || n, 'https://host' || n % ${hosts} || '.example/' || n, 'host' || n % ${hosts} || '.example',
      case when n % 10 = 0 then 'gone' when n % 11 = 0 then 'refused' when n % 12 = 0 then 'waiting' else 'ok' end,
      case when n % 10 = 0 then 'status 404' when n % 11 = 0 then 'robots: no' end, case when n % 12 = 0 then now() end, now(), now(),
      case when n % 12 <> 0 then '{"title": "og", "body": "density", "published": "json-ld"}'::jsonb end
    from generate_series(1, ${events}) n`,
  sql`insert into event_source (event_id, ordinal, article_id, url, label, form)
    select e.id, 0, a.id, a.cited_url, '', 'link' from (select id, row_number() over () as n from event) e join article a on a.id = e.n`,
  sql`insert into failure (stage, key, payload, cause, host, error, attempts)
    select 'capture', 'k' || n, '{}', 'cause ' || n % 40, 'host' || n % 300 || '.example', 'the error of number ' || n, 5 from generate_series(1, ${failures}) n`,
  sql`insert into throughput (at, stage, outcome, jobs, total_ms, buckets)
    select now() - n * interval '5 minutes', stage, outcome, 9, 99, '{1,2,3,1,1,1,0,0,0,0}'
    from generate_series(0, 8640) n, unnest(array['discover', 'capture', 'enrich', 'thread', 'deliver', 'sweep']) stage, unnest(array['done', 'failed']) outcome`,
  sql`insert into bullmq.job (queue, id, seq, name, state, data, added_at_ms, process_at_ms)
    select (array['discover', 'capture', 'enrich'])[1 + n % 3], 'job' || n, n, 'job',
      (case when n % 10 = 0 then 'delayed' else 'waiting' end)::bullmq.job_state, '{}', extract(epoch from now()) * 1000,
      case when n % 10 = 0 then extract(epoch from now() + interval '1 day') * 1000 end
    from generate_series(1, ${queued}) n`,
];
/** Ends the server, which would outlive us. */
async function giveUp(error: unknown): Promise<never> {
  await db.destroy();
  await server.stop();
  await rm(dataDirectory, { recursive: true, force: true });
  throw error;
}

console.log(`filling: ${events} events and articles, ${hosts} hosts, ${failures} failures, ${queued} jobs`);
const queue = await openQueue({ url: server.url, jobs, log: { warn() {}, error() {} } });
for (const statement of fill) await statement.execute(db).catch(giveUp);
await sql`vacuum analyze`.execute(db);
await controlStore(db).know(scheduledJobs());

let now = Date.now();
const operation = { db, queue, live: true, dataDirectory: process.cwd(), now: () => now };
const ending = new AbortController();
const app = createApp(siteInMemory({}), {
  publicUrl: 'http://127.0.0.1',
  extend: (inner, site) => void addOps(inner, site, { operation, ending: ending.signal, loopback: true, token: TOKEN }),
});
const { rows } = await sql<{ id: string; day: string }>`select id, day::text as day from event limit 1`.execute(db);
const views = ['', 'days', `days/${rows[0]?.day}`, `events/${rows[0]?.id}`, 'failures', 'failures?text=number+77'];
views.push(
  'hosts',
  'hosts?text=host77&order=failures',
  'hosts/host77.example',
  'queues',
  'workers',
  'runs',
  'schedules',
);
views.push('sources', 'webhooks', 'extraction', 'extraction?host=host77.example', 'extraction?field=authors', 'audit');

/** One answer as somebody at this machine gets it, in ms, a second after the last. */
async function ask(path: string): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 1_050));
  now = Date.now();
  const from = performance.now();
  const response = await app.request(`http://127.0.0.1/ops${path && `/${path}`}`, {
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  await response.text();
  if (response.status !== 200) throw new Error(`/ops/${path} answers ${response.status}`);
  return performance.now() - from;
}

let slow = 0;
for (const path of views) {
  const times: number[] = [];
  for (let n = 0; n < SAMPLES; n++) times.push(await ask(path).catch(giveUp));
  times.sort((a, b) => a - b);
  const p95 = times[Math.ceil(SAMPLES * 0.95) - 1] ?? Infinity;
  if (p95 > TARGET_MS) slow++;
  const shown = path.replace(rows[0]?.id ?? '-', ':id');
  console.log(
    `${p95 > TARGET_MS ? 'slow' : '    '} /ops/${shown.padEnd(36)} p50 ${Math.round(times[SAMPLES / 2] ?? 0)} ms, p95 ${Math.round(p95)} ms`,
  );
}
console.log(`${slow} of ${views.length} views above ${TARGET_MS} ms`);
ending.abort();
await queue.close();
await db.destroy();
await server.stop();
await rm(dataDirectory, { recursive: true, force: true });

import { locateSample, sampleDays } from '../../services/cli/src/sample.ts';
import { startEmbeddedPostgres } from '@throughline/runtime';
import { chmod } from 'node:fs/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratchDirectory, startCli, type Running } from '../support/cli.ts';

const SEED_ENTITIES = [
  'Deir ez-Zor Governorate',
  'Islamic State of Iraq and the Levant',
  'Russian Defence Ministry',
  'Russian military intervention',
  'Syria',
];

let data: Awaited<ReturnType<typeof scratchDirectory>>;
let running: Running | undefined;

beforeAll(async () => {
  data = await scratchDirectory();
  await chmod(data.path, 0o755);
});
afterAll(async () => {
  running?.child.kill('SIGKILL');
  const server = await startEmbeddedPostgres({ dataDirectory: data.path, log: { info() {} } });
  await server.stop();
  await data.remove();
});

const start = (...args: string[]) =>
  startCli(['start', ...args], { THROUGHLINE_DATA: data.path, PORT: '0', LOG_LEVEL: 'warn' });

describe('start on an empty data directory', () => {
  it('goes on with the sample where it was killed in the middle of it', async () => {
    running = start();
    await running.says(/reading the bundled sample/);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    running.child.kill('SIGKILL');
    await running.ended;

    running = start();
    const [, url = ''] = await running.says(/site\s+(http:\S+?)\/\n/);
    const health = await json(`${url}/healthz`);
    expect(health).toMatchObject({ ok: true, behind: 0 });
    expect((await rows('select distinct day from event order by day')).map((row) => row['day'])).toHaveLength(
      sampleDays(locateSample()).length,
    );
    expect(await rows("select url from article where state = 'waiting'")).toEqual([]);
    expect(running.error()).not.toContain('Warning');
  });

  it('serves the seed event with its source, entities and related events, in four formats', async () => {
    const [, url = ''] = await (running as Running).says(/site\s+(http:\S+?)\/\n/);
    const [seed] = await rows("select slug from v_event where day = '2017-01-30' and text ilike '%bombers%'");
    const path = `/news/2017/01/30/${seed?.['slug'] as string}`;

    const { event } = (await json(`${url}${path}.json`)) as { event: SeedEvent };
    expect(event.entities.map(({ label }) => label).toSorted()).toEqual(SEED_ENTITIES);
    expect(event.sources[0]).toMatchObject({ state: 'ok', article: { siteName: 'Reuters', language: 'en' } });
    expect(event.sources[0]?.article.authors.length).toBeGreaterThan(0);
    expect(event.sources[0]?.article.published).toMatch(/^2017-01-30T/);
    expect(event.related).toHaveLength(10);
    for (const { score, evidence, context } of event.related) {
      expect(context.length).toBeGreaterThan(0);
      expect(evidence.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(score, 9);
    }
    for (const [ext, type] of Object.entries({ html: 'text/html', md: 'text/markdown', xml: 'application/xml' })) {
      const response = await fetch(`${url}${path}.${ext}`);
      expect([response.status, response.headers.get('content-type')?.split(';')[0]]).toEqual([200, type]);
      expect(await response.text()).toContain('Russian Defence Ministry');
    }
    expect((await fetch(`${url}/index_rss.xml`)).status).toBe(200);
  });

  it('loses nothing and doubles nothing when it is killed and started again', async () => {
    const before = await contents();
    (running as Running).child.kill('SIGKILL');
    await (running as Running).ended;
    running = start();
    await running.says(/Ctrl-C stops it/);
    expect(await contents()).toEqual(before);
  });

  it('lets a second one in on another port, and ends when it is told to', async () => {
    const second = start();
    await second.says(/Ctrl-C stops it/);
    second.child.kill('SIGTERM');
    expect((await second.ended).code).toBe(0);

    (running as Running).child.kill('SIGTERM');
    expect((await (running as Running).ended).code).toBe(0);
    const server = await startEmbeddedPostgres({ dataDirectory: data.path, log: { info() {} } });
    await server.stop();
    expect(server.adopted).toBe(false);
  });
});

interface SeedEvent {
  entities: { label: string }[];
  sources: { state: string; article: { authors: string[]; published: string } }[];
  related: { score: number; context: string[]; evidence: { weight: number }[] }[];
}

const json = async (url: string): Promise<unknown> => (await fetch(url)).json();

async function rows(sql: string): Promise<Record<string, unknown>[]> {
  const server = await startEmbeddedPostgres({ dataDirectory: data.path, log: { info() {} } });
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
    await server.stop();
  }
}

/** What must be the same after a crash: ids, places and counts. */
const contents = () =>
  rows(`select 'event' as noun, id::text || slug as what from event union all select 'relation', from_id::text || to_id::text || ordinal from relation
    union all select 'article', url || state from article union all select 'mention', event_id::text || ordinal || entity_id from mention
    union all select 'run', kind || state from run order by 1, 2`);

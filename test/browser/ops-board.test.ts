import { auditStore } from '@throughline/db';
import { captureJob, jobs, sweepJob } from '@throughline/pipeline';
import { openQueue, request, type Backend } from '@throughline/queue';
import { addOps, startWeb, type Web } from '@throughline/web';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testRedis } from '../support/redis.ts';
import { launchBrowser } from '../support/browser.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';
import { siteInMemory } from '../support/site-reader.ts';

const TOKEN = 'a-token-of-the-operator';
const PATIENT = { timeout: 15_000 };
const HOSTILE = '<img src=x onerror=alert(1)>.example';

const redis = await testRedis();
let database: TestDatabase;
let browser: Browser;

beforeAll(async () => {
  database = await testDatabase();
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await database?.drop();
  await redis?.stop();
});

describe.each(['postgres', 'redis'])('the board over a queue in %s', (name) => {
  const missing = name === 'redis' && !redis;
  let queue: Backend;
  let web: Web;
  const ending = new AbortController();

  beforeAll(async () => {
    if (missing) {
      console.error('NOT RUN: the board over a queue in Redis, for want of a server: install redis-server');
      return;
    }
    const url = name === 'redis' ? (redis?.url ?? '') : database.url;
    queue = await openQueue({ url, prefix: 'board', jobs, log: { warn() {}, error() {} } });
    await queue.enqueue([request(captureJob, { host: HOSTILE }), request(sweepJob, { part: 'copies' })]);
    const operation = { db: database.db, queue, live: true, dataDirectory: process.cwd(), now: Date.now };
    web = await startWeb({
      reader: siteInMemory({ events: [], days: [] }),
      host: '127.0.0.1',
      port: 0,
      extend: (app, site) => addOps(app, site, { operation, ending: ending.signal, loopback: true, token: TOKEN }),
    });
  });

  afterAll(async () => {
    ending.abort();
    await web?.close(0);
    await queue?.close();
  });

  /** A page that notes what it asks for elsewhere and what it complains of. */
  async function opened(context: BrowserContext): Promise<{ page: Page; complaints: string[] }> {
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
    page.on('dialog', (dialog) => void complaints.push(`dialog: ${dialog.message()}`));
    page.on('request', (asked) => void (asked.url().startsWith(web.url) || complaints.push(asked.url())));
    return { page, complaints };
  }

  it.skipIf(missing)('shows an operator each job as it is, who takes one away; that is written down', async () => {
    const context = await browser.newContext();
    try {
      const { page, complaints } = await opened(context);
      await page.goto(`${web.url}/ops/sign-in`);
      await page.fill('input[name=token]', TOKEN);
      await page.click('main button');
      await page.waitForURL(`${web.url}/ops`);
      await page.goto(`${web.url}/ops/queues`);
      await page.click('a[href="/ops/jobs"]');
      await page.getByText('capture').first().waitFor(PATIENT);
      await page.goto(`${web.url}/ops/jobs/queue/${encodeURIComponent(await queueNamed('capture'))}?status=waiting`);
      await page.getByText(HOSTILE).first().waitFor(PATIENT);
      const api = `/ops/jobs/api/queues/${encodeURIComponent(await queueNamed('capture'))}`;
      const ids = await jobsOf(page, api);
      expect(ids).toHaveLength(1);
      const status = await page.evaluate(
        async (path) => (await fetch(path, { method: 'PUT' })).status,
        `${api}/${encodeURIComponent(ids[0] ?? '')}/clean`,
      );
      expect(status).toBe(204);
      expect((await queue.counts()).capture?.waiting ?? 0).toBe(0);
      expect(await auditStore(database.db).recent(1)).toMatchObject([
        { operator: 'operator', action: 'PUT on the board' },
      ]);
      expect(complaints).toEqual([]);
    } finally {
      await context.close();
    }
  });

  it.skipIf(missing)('lets others look, and refuses what they or other sites would do', async () => {
    const api = `${web.url}/ops/jobs/api/queues`;
    const looked = await fetch(api, { headers: { Host: '127.0.0.1' } });
    expect(looked.status).toBe(200);
    const { queues } = (await looked.json()) as { queues: { name: string; readOnlyMode: boolean }[] };
    expect(queues.length).toBe(jobs.length);
    expect(queues.every(({ readOnlyMode }) => readOnlyMode)).toBe(true);
    const pause = `${api}/${encodeURIComponent(await queueNamed('sweep'))}/pause`;
    expect((await fetch(pause, { method: 'PUT' })).status).toBe(401);
    const elsewhere = { Cookie: await session(), Origin: 'https://elsewhere.example' };
    expect((await fetch(pause, { method: 'PUT', headers: elsewhere })).status).toBe(403);
    expect((await fetch(pause, { method: 'PUT', headers: { ...elsewhere, Origin: web.url } })).status).toBe(200);
    expect(
      (
        await fetch(pause.replace('/pause', '/resume'), {
          method: 'PUT',
          headers: { Cookie: await session(), Origin: web.url },
        })
      ).status,
    ).toBe(200);
  });

  it.skipIf(missing)('asks nobody elsewhere, and may not', async () => {
    const page = await fetch(`${web.url}/ops/jobs`);
    const html = await page.text();
    expect(html).not.toMatch(/(?:href|src)="(?:https?:)?\/\//);
    expect(page.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
  });

  const queueNamed = async (job: string): Promise<string> => {
    const { queues } = (await (await fetch(`${web.url}/ops/jobs/api/queues`)).json()) as { queues: { name: string }[] };
    return queues.find((one) => one.name.endsWith(job))?.name ?? '';
  };

  const jobsOf = (page: Page, api: string): Promise<string[]> =>
    page.evaluate(async (path) => {
      const answer = await fetch(`/ops/jobs/api/queues?activeQueue=${path.split('/').at(-1)}&status=waiting`);
      const { queues } = (await answer.json()) as { queues: { name: string; jobs: { id: string }[] }[] };
      return queues.flatMap(({ jobs: found }) => found.map(({ id }) => id));
    }, api);

  const session = async (): Promise<string> => {
    const signed = await fetch(`${web.url}/ops/sign-in`, {
      method: 'POST',
      redirect: 'manual',
      headers: { Origin: web.url, 'Content-Type': 'application/x-www-form-urlencoded' },
      body: `token=${TOKEN}`,
    });
    return signed.headers.get('Set-Cookie')?.split(';')[0] ?? '';
  };
});

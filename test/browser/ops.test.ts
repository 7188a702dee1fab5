import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dayOfInstant } from '@throughline/core';
import { controlStore, failureStore, healthStore, subscriptionStore, workerStore } from '@throughline/db';
import { jobs, scheduledJobs } from '@throughline/pipeline';
import { openQueue, type Backend } from '@throughline/queue';
import { addOps, startWeb, type Web } from '@throughline/web';
import { sql } from 'kysely';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { pictures } from '../support/pictures.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';
import { siteInMemory } from '../support/site-reader.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TOKEN = 'open-sesame-open-sesame';
const HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>';
const ROBOTS = JSON.stringify({
  groups: [
    {
      agents: ['*'],
      crawlDelaySeconds: 7,
      rules: [
        { allow: true, pattern: '/open' },
        { allow: false, pattern: `/${HOSTILE}` },
      ],
    },
  ],
  sitemaps: [],
});
/** A light turns within two looks; a machine at work takes longer. */
const PATIENT = { timeout: 15_000 };
const TODAY = dayOfInstant(Date.now());

let database: TestDatabase;
let queue: Backend;
let web: Web;
let browser: Browser;
const ending = new AbortController();

beforeAll(async () => {
  database = await testDatabase();
  queue = await openQueue({ url: 'memory:', jobs, log: { warn() {}, error() {} } });
  const operation = { db: database.db, queue, live: true, dataDirectory: process.cwd(), now: Date.now };
  web = await startWeb({
    reader: siteInMemory({ events: [], days: [] }),
    host: '127.0.0.1',
    port: 0,
    extend: (app, site) => addOps(app, site, { operation, ending: ending.signal, loopback: true, token: TOKEN }),
  });
  browser = await launchBrowser();
});

afterAll(async () => {
  ending.abort();
  await browser?.close();
  await web?.close(0);
  await queue?.close();
  await database?.drop();
});

/** A system that is well: a fresh source, a worker, schedules that keep their time. */
beforeEach(async () => {
  const { db } = database;
  await sql`truncate worker, throughput, failure, stage_control, schedule, alarm, audit, run, page, subscription, host cascade`.execute(
    db,
  );
  await sql`insert into page (source, day, title, event_count, content_at, read_at)
    values ('portal', ${TODAY}, 'today', 3, now() - interval '1 hour', now())`.execute(db);
  await workerStore(db).beat('test:1', '1', []);
  await controlStore(db).know(scheduledJobs());
  await controlStore(db).worked(scheduledJobs().map(({ name }) => name));
});

/** Opens the dashboard's front page as an operator, and counts what is clicked. */
async function asOperator<T>(use: (page: Page, click: (selector: string) => Promise<void>) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, deviceScaleFactor: 1 });
  const take = pictures(expect.getState().currentTestName ?? '');
  try {
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`));
    await page.goto(`${web.url}/ops/sign-in`);
    await page.fill('input[name=token]', TOKEN);
    await page.click('main button');
    await page.waitForURL(`${web.url}/ops`);
    let clicks = 0;
    const result = await use(page, async (selector) => {
      await take(page, selector);
      await page.click(selector);
      clicks++;
    });
    expect(clicks).toBeLessThanOrEqual(3);
    expect(complaints).toEqual([]);
    return result;
  } finally {
    await context.close();
  }
}

const levelOf = (page: Page, light: string) => page.locator(`#light-${light} .badge`).innerText();
const said = (page: Page) => page.locator('[role=status]').innerText();

async function aHost(name: string, set: Record<string, unknown> = {}): Promise<void> {
  await database.db
    .insertInto('host')
    .values({ name, ...set })
    .execute();
}

describe('everything that a search of the inbox finds', () => {
  const press = (page: Page, label: string) => page.click(`button:has-text("${label}")`);

  it('is dropped by one button that says how many, more than are listed', async () => {
    await database.db
      .insertInto('failure')
      .values(
        Array.from({ length: 203 }, (_, n) => ({
          stage: 'capture',
          key: `k${n}`,
          payload: '{}',
          cause: 'late',
          host: `${n}.example`,
          error: 'late',
          attempts: 3,
        })),
      )
      .execute();
    await failureStore(database.db).add({
      stage: 'sweep',
      key: 's',
      payload: {},
      host: null,
      error: 'no',
      attempts: 1,
    });
    await asOperator(async (page) => {
      await page.goto(`${web.url}/ops/failures?stage=capture`);
      expect(await page.locator('main').innerText()).toContain('and 3 smaller groups');
      page.on('dialog', (dialog) => void dialog.accept());
      await press(page, 'Drop all 203');
      expect(await said(page)).toContain('203 dropped');
    });
    expect((await failureStore(database.db).list({}, 10)).map(({ key }) => key)).toEqual(['s']);
  });

  it('is marked gone, and nothing else', async () => {
    await aHost('rotten.example');
    await aHost('sound.example');
    await sql`insert into article (url, cited_url, host, state, reason) values
      ('rotten.example/1', 'https://rotten.example/1', 'rotten.example', 'failed', 'status 500'),
      ('rotten.example/2', 'https://rotten.example/2', 'rotten.example', 'blocked', 'robots.txt'),
      ('rotten.example/3', 'https://rotten.example/3', 'rotten.example', 'ok', null),
      ('rotten.example/4', 'https://rotten.example/4', 'rotten.example', 'waiting', null),
      ('sound.example/1', 'https://sound.example/1', 'sound.example', 'failed', 'status 500')`.execute(database.db);
    await asOperator(async (page) => {
      await page.goto(`${web.url}/ops/failures?host=rotten.example`);
      page.on('dialog', (dialog) => void dialog.accept());
      await press(page, 'Mark all 2 gone');
      expect(await said(page)).toContain('2 articles are taken for gone');
    });
    const { rows } = await sql<{ url: string; state: string }>`select url, state from article order by url`.execute(
      database.db,
    );
    expect(rows.map(({ state }) => state)).toEqual(['gone', 'gone', 'ok', 'waiting', 'failed']);
  });
});

describe('failures of no host', () => {
  const failed = async (key: string, host: string | null, stage = 'sweep') =>
    failureStore(database.db).add({ stage, key, payload: {}, host, error: 'it broke', attempts: 1 });
  const left = async () =>
    (await database.db.selectFrom('failure').select('key').orderBy('key').execute()).map(({ key }) => key);
  const act = async (path: string, fields: Record<string, string>) =>
    fetch(`${web.url}${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${TOKEN}` },
      body: new URLSearchParams(fields),
    });
  /** The fields of the form that the page shows for the group without a host. */
  const shown = async (): Promise<Record<string, string>> => {
    const page = await (
      await fetch(`${web.url}/ops/failures`, { headers: { Authorization: `Bearer ${TOKEN}` } })
    ).text();
    const form =
      page.split('action="/ops/failures/drop"').find((part) => part.slice(0, 600).includes('name="hostless"')) ?? '';
    const inputs = form.slice(0, form.indexOf('</form>')).matchAll(/name="([^"]+)" value="([^"]*)"/g);
    return Object.fromEntries([...inputs].map(([, name = '', value = '']) => [name, value]));
  };

  it('are dropped without those of hosts that broke alike', async () => {
    await failed('a', null);
    await failed('b', 'b.example');
    const fields = await shown();
    expect(fields).toMatchObject({ stage: 'sweep', hostless: '1' });
    expect((await act('/ops/failures/drop', fields)).status).toBe(200);
    expect(await left()).toEqual(['b']);
  });

  it('stay where no stage knows what to do again', async () => {
    await failed('c', null, 'forgotten');
    const answer = await act('/ops/failures/retry', { stage: 'forgotten' });
    expect(await answer.text()).toContain('1 are of no job that is known, and stay.');
    expect(await left()).toEqual(['c']);
  });

  it('are no reason to fail for a path that says nothing', async () => {
    const path = encodeURIComponent('/ops/hosts/%zz');
    expect((await fetch(`${web.url}/ops/live?path=${path}`)).status).toBe(404);
  });
});

describe('an operator finds and mends in at most three clicks', () => {
  it('a stage that somebody paused and forgot', async () => {
    await queue.pause('enrich');
    await sql`insert into stage_control (stage, paused_at) values ('enrich', now() - interval '5 hours')`.execute(
      database.db,
    );
    await asOperator(async (page, click) => {
      await expect.poll(() => levelOf(page, 'stages'), PATIENT).toBe('bad');
      await click('#light-stages a');
      await click('text=Resume enrich');
      expect(await said(page)).toBe('enrich goes on.');
    });
    expect((await queue.counts())['enrich']?.paused).toBe(false);
  });

  it('jobs that failed for good, by asking for them again', async () => {
    const payload = { host: 'news.example' };
    const error = `bad payload ${HOSTILE}`;
    await failureStore(database.db).add({
      stage: 'capture',
      key: 'news.example',
      payload,
      host: 'news.example',
      error,
      attempts: 3,
    });
    await asOperator(async (page, click) => {
      await expect.poll(() => levelOf(page, 'failures'), PATIENT).toBe('watch');
      await click('#light-failures a');
      await click('text=Retry all 1');
      expect(await said(page)).toBe('1 asked for again.');
    });
    expect((await queue.counts())['capture']?.waiting).toBe(1);
  });

  it('a poisoned job, by dropping it', async () => {
    await failureStore(database.db).add({
      stage: 'deliver',
      key: 'x',
      payload: { odd: HOSTILE },
      host: null,
      error: 'odd',
      attempts: 1,
    });
    await asOperator(async (page, click) => {
      await click('#light-failures a');
      await click('button:text-is("Drop")');
      expect(await said(page)).toBe('1 dropped.');
    });
  });

  it('a host that turned against us, by blocking it', async () => {
    await aHost('walled.example', { backoff: 6, lastOkAt: new Date(), lastFailure: '403', requests: 9, failures: 6 });
    await asOperator(async (page, click) => {
      await expect.poll(() => levelOf(page, 'hosts'), PATIENT).toBe('watch');
      await click('#light-hosts a');
      await click('button:text-is("Block")');
      expect(await said(page)).toBe('walled.example is asked nothing more.');
    });
  });

  it('a subscriber with dead letters, by replaying them', async () => {
    const { db } = database;
    await subscriptionStore(db).ensure('https://subscriber.example/hook', 'secret');
    await sql`insert into dead_letter (subscription_id, first_seq, last_seq, failure) select id, 1, 4, '500' from subscription`.execute(
      db,
    );
    await asOperator(async (page, click) => {
      await expect.poll(() => levelOf(page, 'webhooks'), PATIENT).toBe('bad');
      await click('#light-webhooks a');
      await click('text=Replay');
      expect(await said(page)).toBe('1 dead letters are delivered again.');
    });
  });

  it('a subscriber that does not answer, by trying it now', async () => {
    const { db } = database;
    await subscriptionStore(db).ensure('https://subscriber.example/hook', 'secret');
    await sql`update subscription set attempts = 3, failure = 'status 500', next_try_at = now() + interval '1 hour'`.execute(
      db,
    );
    await asOperator(async (page, click) => {
      await expect.poll(() => levelOf(page, 'webhooks'), PATIENT).toBe('watch');
      await click('#light-webhooks a');
      await click('text=Try now');
      expect(await said(page)).toBe('It is told again now.');
    });
  });

  it('a schedule that was switched off', async () => {
    await controlStore(database.db).setSchedule('sweep', { enabled: false });
    await asOperator(async (page, click) => {
      await expect.poll(() => levelOf(page, 'schedules'), PATIENT).toBe('watch');
      await click('#light-schedules a');
      await click('text=Switch on');
      expect(await said(page)).toBe('sweep is switched on.');
    });
  });

  it('a page whose layout drifted, by reading it again', async () => {
    await sql`update page set alarm = 'unknown frame'`.execute(database.db);
    await asOperator(async (page, click) => {
      await expect.poll(() => levelOf(page, 'layout'), PATIENT).toBe('bad');
      await click('#light-layout a');
      await click('.grid a.bad');
      await click('text=Read the page again');
      expect(await said(page)).toContain(`The page of ${TODAY}`);
    });
  });

  it('an import that was killed', async () => {
    await sql`insert into run (kind, heartbeat_at, started_at) values ('import', now() - interval '1 hour', now() - interval '2 hours')`.execute(
      database.db,
    );
    await asOperator(async (page, click) => {
      await expect.poll(() => levelOf(page, 'runs'), PATIENT).toBe('bad');
      await click('#light-runs a');
      await click('button:text-is("Seen")');
      expect(await said(page)).toContain('alarms nobody any more');
    });
  });

  it('articles that could not be had, by asking for them again', async () => {
    await aHost('rotten.example');
    await sql`insert into article (url, cited_url, host, state, reason, next_try_at)
      values ('rotten.example/1', 'https://rotten.example/1', 'rotten.example', 'gone', 'status 404', null)`.execute(
      database.db,
    );
    await asOperator(async (page, click) => {
      await click('nav.views a:text-is("Failures")');
      await click('button:text-is("Try again")');
      expect(await said(page)).toContain('1 articles are asked for again');
    });
  });
});

describe('the dashboard', () => {
  it('renews what is looked at within two seconds, and keeps the focus', async () => {
    await asOperator(async (page) => {
      expect(await levelOf(page, 'failures')).toBe('good');
      await page.focus('#light-disk a');
      await failureStore(database.db).add({
        stage: 'sweep',
        key: 's',
        payload: {},
        host: null,
        error: 'no',
        attempts: 1,
      });
      await page.waitForSelector('#light-failures.watch', { timeout: 10_000 });
      expect(await page.evaluate(() => document.activeElement?.getAttribute('href'))).toBe('/ops');
    });
  });

  it.each([
    '/ops',
    '/ops/days',
    '/ops/failures',
    '/ops/hosts',
    '/ops/hosts/closed.example',
    '/ops/queues',
    '/ops/workers',
    '/ops/runs',
    '/ops/schedules',
    '/ops/sources',
    '/ops/webhooks',
    '/ops/extraction',
    '/ops/audit',
  ])('shows %s without a fault for those who need help to read', async (path) => {
    await failureStore(database.db).add({
      stage: 'sweep',
      key: HOSTILE,
      payload: HOSTILE,
      host: HOSTILE,
      error: HOSTILE,
      attempts: 1,
    });
    await aHost('closed.example', { robotsAt: new Date(), robots: ROBOTS, lastFailure: HOSTILE });
    await workerStore(database.db).beat(HOSTILE, HOSTILE, [{ stage: 'sweep', key: HOSTILE, since: 1, timeoutMs: 1 }]);
    await asOperator(async (page) => {
      await page.goto(web.url + path);
      await page.evaluate(axeSource);
      const faults = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as {
          axe: { run: (o: object) => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
        };
        const { violations } = await axe.run({ resultTypes: ['violations'] });
        return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
      });
      expect(faults).toEqual([]);
    });
  });
});

describe('a host’s own page', () => {
  it('shows its robots.txt as read, its pace, and how its articles end', async () => {
    await aHost('closed.example', { robotsAt: new Date(), robots: ROBOTS, crawlDelayMs: 7_000 });
    await sql`insert into article (url, cited_url, host, state, reason, archived_url)
      values ('closed.example/1', 'https://closed.example/1', 'closed.example', 'refused', 'robots: no', 'https://archive.example/1')`.execute(
      database.db,
    );
    const text = await (await fetch(`${web.url}/ops/hosts/closed.example`)).text();
    expect(text).toContain(`Crawl-delay: 7\nAllow: /open\nDisallow: /&lt;script&gt;`);
    expect(text.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')).toContain('1 refused 1 robots: no');
    expect(text).toContain('1 in 7 s (its crawl-delay)');
    expect((await fetch(`${web.url}/ops/hosts/unheard.example`)).status).toBe(404);
  });
});

describe('who may do what', () => {
  const ask = (path: string, init: RequestInit = {}) => fetch(web.url + path, { redirect: 'manual', ...init });
  const form = {
    method: 'POST',
    body: 'stage=enrich',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  };

  it('on this machine anybody reads, and nobody acts without the token', async () => {
    expect((await ask('/ops')).status).toBe(200);
    expect((await ask('/ops/queues/pause', form)).status).toBe(401);
    expect(
      (await ask('/ops/queues/pause', { ...form, headers: { authorization: 'Bearer wrong-wrong-wrong-wrong' } }))
        .status,
    ).toBe(401);
    expect(
      (await ask('/ops/queues/pause', { ...form, headers: { ...form.headers, authorization: `Bearer ${TOKEN}` } }))
        .status,
    ).toBe(303);
    await queue.resume('enrich');
  });

  it('a page elsewhere can neither act with an operator’s cookie nor sign somebody in', async () => {
    const signedIn = await ask('/ops/sign-in', {
      ...form,
      body: `token=${TOKEN}`,
      headers: { ...form.headers, origin: web.url },
    });
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect(signedIn.headers.get('set-cookie')).toMatch(/HttpOnly.*SameSite=Strict/);
    expect(cookie).not.toContain(TOKEN);
    const headers = { ...form.headers, cookie };
    expect(
      (await ask('/ops/queues/pause', { ...form, headers: { ...headers, origin: 'https://evil.example' } })).status,
    ).toBe(403);
    expect((await ask('/ops/queues/pause', { ...form, headers })).status).toBe(403);
    expect((await ask('/ops/queues/pause', { ...form, headers: { ...headers, origin: web.url } })).status).toBe(303);
    expect(
      (
        await ask('/ops/sign-in', {
          ...form,
          body: `token=${TOKEN}`,
          headers: { ...form.headers, origin: 'https://evil.example' },
        })
      ).status,
    ).toBe(403);
    await queue.resume('enrich');
  });

  it('writes down who did what', async () => {
    await ask('/ops/queues/resume', { ...form, headers: { ...form.headers, authorization: `Bearer ${TOKEN}` } });
    const page = await (await ask('/ops/audit')).text();
    expect(page).toContain('queues/resume');
    expect(page).toContain('operator');
  });

  it('says what is wrong with what cannot be done', async () => {
    const headers = { ...form.headers, authorization: `Bearer ${TOKEN}`, accept: 'application/json' };
    const answer = await ask('/ops/queues/pause', { ...form, body: 'stage=nonsense', headers });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('there is no stage “nonsense”');
  });

  it('shows its figures to Prometheus', async () => {
    const figures = await (await ask('/metrics')).text();
    expect(figures).toContain('throughline_light{light="database"} 1');
    expect(figures).toContain('throughline_queue_jobs{job="capture",state="waiting"}');
  });

  it('is ready while the database answers', async () => {
    expect((await ask('/readyz')).status).toBe(200);
    expect((await healthStore(database.db).facts(Date.now())).stages).toHaveLength(jobs.length);
  });
});

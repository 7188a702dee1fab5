import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { controlStore, failureStore, workerStore, type Database } from '@throughline/db';
import { jobs, scheduledJobs } from '@throughline/pipeline';
import { openQueue, type Backend } from '@throughline/queue';
import { addOps, startWeb, type Web } from '@throughline/web';
import type { KyselyPlugin } from 'kysely';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';
import { siteInMemory } from '../support/site-reader.ts';

/** A machine at work takes longer than the 2 s that are promised. */
const PATIENT = { timeout: 40_000, interval: 50 };
const DASHBOARDS = 200;

let database: TestDatabase;
let queue: Backend;
let browser: Browser;
let server: Server;
let statements = 0;

beforeAll(async () => {
  database = await testDatabase();
  queue = await openQueue({ url: 'memory:', jobs, log: { warn() {}, error() {} } });
  browser = await launchBrowser();
  await controlStore(database.db).know(scheduledJobs());
});

afterAll(async () => {
  await browser?.close();
  await queue?.close();
  await database?.drop();
});

beforeEach(async () => {
  await database.db.deleteFrom('failure').execute();
  await workerStore(database.db).beat('test:1', '1', []);
  server = await serve(0);
});

afterEach(() => server.stop());

interface Server {
  web: Web;
  port: number;
  stop: () => Promise<void>;
}

/** The site with its dashboard; what the dashboard asks of the database is counted. */
async function serve(port: number): Promise<Server> {
  const ending = new AbortController();
  const db: Database = database.db.withPlugin(counting);
  const operation = { db, queue, live: true, dataDirectory: process.cwd(), now: Date.now };
  const web = await startWeb({
    reader: siteInMemory({ events: [], days: [] }),
    host: '127.0.0.1',
    port,
    extend: (app, site) => addOps(app, site, { operation, ending: ending.signal, loopback: true }),
  });
  const stop = async () => {
    ending.abort();
    await web.close(0);
  };
  return { web, port: Number(new URL(web.url).port), stop };
}

const counting: KyselyPlugin = {
  transformQuery({ node }) {
    statements++;
    return node;
  },
  transformResult: async ({ result }) => result,
};

const fail = (error: string) =>
  failureStore(database.db).add({ stage: 'sweep', key: error, payload: {}, host: null, error, attempts: 1 });

/** A proxy on loopback that can cut every line through it, and answer for a server that is away. */
async function aProxy(target: () => number) {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket)));
    return socket;
  };
  const relay = createServer((incoming) => {
    keep(incoming);
    const outgoing = keep(connect(target(), '127.0.0.1'));
    outgoing.on('error', () =>
      incoming.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'),
    );
    incoming.pipe(outgoing).pipe(incoming);
  });
  await new Promise<void>((done) => relay.listen(0, '127.0.0.1', done));
  const cut = () => sockets.forEach((socket) => socket.destroy());
  return {
    origin: `http://127.0.0.1:${(relay.address() as AddressInfo).port}`,
    cut,
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise((done) => relay.close(done));
    },
  };
}

const lightSays = (page: Page, light: string) => page.locator(`#light-${light} p`).innerText();

describe('a dashboard that is left open', () => {
  it('goes on after a proxy has cut its line, and after the server was away', async () => {
    await using proxy = await aProxy(() => server.port);
    const page = await browser.newPage();
    await page.goto(`${proxy.origin}/ops`);
    await expect.poll(() => lightSays(page, 'failures'), PATIENT).toContain('No job');

    proxy.cut();
    await fail('cut');
    await expect.poll(() => lightSays(page, 'failures'), PATIENT).toContain('1 job failed');
    expect(await page.locator('#cut').isHidden()).toBe(true);

    const { port } = server;
    await server.stop();
    proxy.cut();
    await page.locator('#cut').waitFor({ state: 'visible', timeout: PATIENT.timeout });
    await new Promise((resolve) => setTimeout(resolve, 2_500)); // long enough for the proxy to answer 502
    await fail('restart');
    server = await serve(port);
    await expect.poll(() => lightSays(page, 'failures'), PATIENT).toContain('2 jobs failed');
    expect(await page.locator('#cut').isHidden()).toBe(true);
    await page.close();
  });

  it('lets go of its line while nobody sees it', async () => {
    const page = await browser.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    const ended = page.waitForEvent('requestfailed', (request) => request.url().includes('/ops/live?'));
    await page.goto(`${server.web.url}/ops`);
    const turn = (hidden: boolean) =>
      page.evaluate((is) => {
        Object.defineProperty(document, 'hidden', { value: is, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, hidden);
    const streams = () => asked.filter((path) => path === '/ops/live').length;
    await expect.poll(streams, PATIENT).toBe(1);
    await turn(true);
    await ended;
    await turn(false);
    await expect.poll(streams, PATIENT).toBe(2);
    await page.close();
  });
});

/** Reads a live view until told to stop; `last` is what it was sent last. */
async function listen(url: string, signal: AbortSignal) {
  const reader = { last: '' };
  const response = await fetch(`${url}/ops/live?path=/ops`, { signal });
  const decoder = new TextDecoder();
  const reading = (async () => {
    for await (const chunk of response.body ?? []) {
      const text = decoder.decode(chunk, { stream: true });
      if (text.includes('event: content')) reader.last = '';
      reader.last += text;
    }
  })().catch(() => {});
  return { reader, reading };
}

async function statementsIn(ms: number): Promise<number> {
  const before = statements;
  await new Promise((resolve) => setTimeout(resolve, ms));
  return statements - before;
}

it(`asks the database for ${DASHBOARDS} open dashboards what it asks for one, and tells all of them`, async () => {
  const ending = new AbortController();
  const first = await listen(server.web.url, ending.signal);
  await expect.poll(() => first.reader.last, PATIENT).toContain('light-failures');
  const forOne = await statementsIn(4_000);
  const others = await Promise.all(Array.from({ length: DASHBOARDS - 1 }, () => listen(server.web.url, ending.signal)));
  const all = [first, ...others].map(({ reader }) => reader);
  await expect.poll(() => all.every(({ last }) => last.includes('light-failures')), PATIENT).toBe(true);
  expect(await statementsIn(4_000)).toBeLessThan(forOne * 1.5 + 20);

  await fail('told to all');
  await expect.poll(() => all.every(({ last }) => last.includes('told to all')), PATIENT).toBe(true);
  ending.abort();
  await Promise.all([first, ...others].map(({ reading }) => reading));
}, 200_000);

import { Agent, get as httpGet, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { aRichDay, aRichFront } from '../../../test/support/pages.ts';
import { siteInMemory } from '../../../test/support/site-reader.ts';
import { startWeb, type Web } from './server.ts';

const reader = siteInMemory({ days: [aRichDay()], front: aRichFront() });
const started: Web[] = [];
const start = async (parts: Partial<Parameters<typeof startWeb>[0]> = {}): Promise<Web> => {
  const web = await startWeb({ reader, host: '127.0.0.1', port: 0, ...parts });
  started.push(web);
  return web;
};

afterEach(async () => {
  await Promise.all(started.splice(0).map((web) => web.close(0)));
});

const keptAlive = (url: string, agent: Agent): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    httpGet(url, { agent }, (response) => response.resume().on('end', () => resolve(response))).on('error', reject);
  });

describe('the web server', () => {
  it('answers at the URL it gives, and puts that URL into canonical links', async () => {
    const web = await start();
    const response = await fetch(web.url);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain(`<link rel="canonical" href="${web.url}/index.html"/>`);
  });

  it('puts its public URL into links where it has one', async () => {
    const web = await start({ publicUrl: 'https://news.example/' });
    expect(await (await fetch(`${web.url}/index_rss.xml`)).text()).toContain(
      '<link>https://news.example/index.html</link>',
    );
  });

  it('answers a page that it keeps as it did the first time: the same headers and bytes, and 304 to who has them', async () => {
    const { url } = await start({ reader: { ...reader, news: async () => ({ seq: 1 }) } });
    const path = `${url}/news/2017/01/30/index.html`;
    const answers = [];
    for (let time = 0; time < 2; time++) {
      const response = await fetch(path, { headers: { 'Accept-Encoding': 'br' } });
      const headers = Object.fromEntries(
        [...response.headers].filter(([name]) => !/^(date|connection|keep-alive)$/.test(name)),
      );
      answers.push({ status: response.status, headers, body: await response.text() });
    }
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[0]?.headers).toMatchObject({ 'content-encoding': 'br', 'x-content-type-options': 'nosniff' });
    const known = await fetch(path, {
      headers: { 'Accept-Encoding': 'br', 'If-None-Match': answers[0]?.headers['etag'] ?? '' },
    });
    expect([known.status, known.headers.get('content-encoding'), await known.text()]).toEqual([304, null, '']);
  });

  it('says in one line that a port is taken', async () => {
    const { url } = await start();
    const port = Number(new URL(url).port);
    await expect(start({ port })).rejects.toThrow(
      /^Port \d+ of 127\.0\.0\.1 is taken by another program: .*PORT[^\n]*$/,
    );
    await expect(start({ host: '203.0.113.7' })).rejects.toThrow(/HOST/);
  });

  it('closes at once although a client keeps its connection open', async () => {
    const web = await start();
    const agent = new Agent({ keepAlive: true });
    await keptAlive(web.url, agent);
    const before = performance.now();
    await web.close();
    expect(performance.now() - before).toBeLessThan(1_000);
    agent.destroy();
  });

  it('lets a request in hand finish, and takes no new one', async () => {
    let answer = (): void => {};
    const waiting = new Promise<void>((resolve) => (answer = resolve));
    let asked = (): void => {};
    const arrived = new Promise<void>((resolve) => (asked = resolve));
    const slow = { ...reader, front: async () => (asked(), await waiting, reader.front()) };
    const web = await start({ reader: slow });
    const agent = new Agent({ keepAlive: true });
    const response = keptAlive(web.url, agent);
    await arrived;
    const closed = web.close();
    answer();
    expect((await response).statusCode).toBe(200);
    await closed;
    await expect(fetch(web.url)).rejects.toThrow();
    agent.destroy();
  });

  it.each([
    ['an empty Host', 'GET / HTTP/1.1\r\nHost: \r\nConnection: close\r\n\r\n'],
    ['a Host that is no host', 'GET / HTTP/1.1\r\nHost: a b<script>\r\nConnection: close\r\n\r\n'],
    ['no path', 'GET  HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
    ['an absolute path of another site', 'GET http://evil.example/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
    ['rubbish', '\u0000\u0001\u0002\r\n\r\n'],
  ])('stays up after a request with %s, and shows nothing of itself', async (_, request) => {
    const web = await start();
    const text = await raw(Number(new URL(web.url).port), request);
    expect(text).not.toMatch(/node_modules|at .*\.ts:/);
    expect((await fetch(web.url)).status).toBe(200);
  });
});

const raw = (port: number, request: string): Promise<string> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', () => {});
    socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
  });

import { fileURLToPath } from 'node:url';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { testDatabase } from '@throughline/test';
import { apiOn, readSample } from '@throughline/test/api';
import { mcpClient, type McpTransport } from '@throughline/test/mcp';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const database = await testDatabase();
const { db } = database;
const { app } = apiOn(db);
beforeAll(() => readSample(db));
afterAll(() => database.drop());

const MAIN = fileURLToPath(new URL('../../services/cli/dist/main.js', import.meta.url));
const BYTES_A_TOKEN = 3;

const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
await new Promise<void>((ready) => (server.listening ? ready() : server.once('listening', () => ready())));
afterAll(() => new Promise((done) => server.close(done)));

const overHttp = (): McpTransport => ({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp` });
const overStdio = (): McpTransport => ({
  command: process.execPath,
  args: [MAIN, 'mcp'],
  env: {
    PATH: process.env['PATH'] ?? '',
    DATABASE_URL: database.url,
    PUBLIC_URL: 'https://news.example',
    LOG_LEVEL: 'silent',
  },
});

describe.each([
  ['over HTTP', overHttp],
  ['over standard input and output', overStdio],
])('the MCP server %s', (_, transport) => {
  const client = mcpClient(transport());
  afterAll(() => client.close());

  const call = async (name: string, input: Record<string, unknown>) => {
    const { content, isError = false } = await client.ask(name, input);
    return { text: content[0]?.text ?? '', isError };
  };

  it('offers what the API can, and nothing that writes', async () => {
    const { tools } = await client.ask();
    expect(tools.map(({ name }) => name)).toEqual([
      'search_events',
      'get_event',
      'get_story',
      'related',
      'lookup_url',
      'changes',
    ]);
    for (const { annotations, inputSchema } of tools) {
      expect(annotations?.readOnlyHint).toBe(true);
      expect(inputSchema.properties).toHaveProperty('max_tokens');
    }
  });

  it('finds an event, and from it its sources, its story and what belongs with it', async () => {
    const found = await call('search_events', { query: 'Aleppo' });
    expect(found.text).toMatch(/^As of \d{4}-\d\d-\d\dT\S+Z, change \d+\.\n\d+ events/);
    const id = /id ([0-9a-f-]{36})/.exec(found.text)?.[1] ?? '';
    const event = await call('get_event', { id });
    expect(event.text).toMatch(/CC BY-SA 4\.0/);
    expect(event.text).toMatch(/^source: https?:\/\//m);
    expect(event.text).toMatch(/^related, (earlier|later|same-day): \d{4}-\d\d-\d\d: .*shared-entity/m);
    expect((await call('get_event', { id: `https://news.example/events/${id}` })).text.split('\n')[1]).toBe(
      event.text.split('\n')[1],
    );
    const url = /^source: (\S+)/m.exec(event.text)?.[1] ?? '';
    expect((await call('lookup_url', { url })).text).toContain(id);
    expect(
      (await call('related', { text: 'The army takes the last districts of Aleppo', day: '2016-12-14' })).text,
    ).toMatch(/because .*shared-entity Aleppo/);
    const story = '00000000-0000-4000-8000-00000000000b';
    await sql`insert into story (id, slug, title, first_day, last_day, events) values (${story}, 'aleppo', 'The battle of Aleppo', '2016-12-13', '2016-12-13', 1) on conflict do nothing`.execute(
      db,
    );
    await sql`insert into story_event (story_id, event_id) values (${story}, ${id}) on conflict (event_id) do update set story_id = excluded.story_id`.execute(
      db,
    );
    expect((await call('get_story', { id: story })).text).toMatch(
      new RegExp(`The battle of Aleppo: 1 events[^]*${id}`),
    );
    expect((await call('changes', { after: 0, limit: 5 })).text).toMatch(
      /changes 1 to 5; more follow: ask with after=5\n- 1: event/,
    );
    expect((await call('changes', {})).text).toMatch(/, the newest\n/);
  });

  it('says what is wrong, as an answer', async () => {
    expect(await call('get_event', { id: '00000000-0000-4000-8000-000000000000' })).toMatchObject({
      isError: true,
      text: expect.stringMatching(/^No such event/),
    });
    expect(await call('lookup_url', { url: 'https://example.org/never' })).toMatchObject({ isError: true });
    const wrong = await call('search_events', { limit: 0 });
    expect(wrong.isError).toBe(true);
  });

  it('keeps every answer within max_tokens', async () => {
    const { rows } = await sql<{
      id: string;
    }>`select from_id as id from relation group by 1 order by count(*) desc limit 1`.execute(db);
    const asked: [string, Record<string, unknown>][] = [
      ['search_events', { limit: 50 }],
      ['get_event', { id: rows[0]?.id }],
      ['related', { text: 'Syria', limit: 50 }],
      ['changes', { after: 0, limit: 200 }],
    ];
    for (const [name, input] of asked) {
      for (const max of [200, 500, 4_000]) {
        const { text } = await call(name, { ...input, max_tokens: max });
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(max * BYTES_A_TOKEN);
        expect(text.length).toBeGreaterThan(50);
      }
    }
  });
});

describe('over HTTP', () => {
  it('pages of other sites may not ask', async () => {
    const headers = { 'Content-Type': 'application/json', Origin: 'https://evil.example' };
    expect((await app.request('/mcp', { method: 'POST', headers, body: '{}' })).status).toBe(403);
  });

  it('what is no request is answered with a 4xx', async () => {
    const headers = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' };
    for (const body of ['', '{', '[]', '{"jsonrpc":"2.0"}', 'x'.repeat(300_000)]) {
      const { status } = await app.request('/mcp', { method: 'POST', headers, body });
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    }
  });

  it('llms.txt says where everything is', async () => {
    const text = await (await app.request('/llms.txt')).text();
    expect(text).toMatch(/^# Throughline\n\n> /);
    for (const [, url = ''] of text.matchAll(/\]\((https:\/\/news\.example[^)]+)\)/g)) {
      const { status } = await app.request(url.replace('https://news.example', ''));
      if (!url.endsWith('/mcp')) expect([url, status]).toEqual([url, 200]);
    }
  });
});

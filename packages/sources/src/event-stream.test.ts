import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { portalEdits, type EventStreamOptions, type PortalEdit } from './event-stream.ts';

type Connection = (response: ServerResponse) => void;

/** A stream server on loopback: each connection is served by the next of `connections`. */
let stream: {
  endpoint: string;
  connections: Connection[];
  asked: { headers: IncomingHttpHeaders; url: string; at: number }[];
};
let close: () => void;

beforeEach(async () => {
  const server = createServer((request, response) => {
    stream.asked.push({ headers: request.headers, url: request.url ?? '', at: Date.now() });
    (stream.connections.shift() ?? (() => undefined))(response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  stream = { endpoint: `http://127.0.0.1:${port}/v2/stream/recentchange`, connections: [], asked: [] };
  close = () => {
    server.closeAllConnections();
    server.close();
  };
});

afterEach(() => close());

const change = (fields: object, meta: object = {}): string =>
  JSON.stringify({
    meta: { domain: 'en.wikipedia.org', dt: '2026-03-01T10:00:00Z', stream: 'mediawiki.recentchange', ...meta },
    wiki: 'enwiki',
    namespace: 100,
    type: 'edit',
    title: 'Portal:Current events/2026 March 1',
    revision: { old: 1, new: 2 },
    ...fields,
  });

const events =
  (...bodies: string[]): Connection =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(bodies.map((body, index) => `event: message\nid: [{"offset":${index}}]\ndata: ${body}\n\n`).join(''));
  };

async function take(count: number, options: Partial<EventStreamOptions> = {}): Promise<PortalEdit[]> {
  const stop = new AbortController();
  const deadline = setTimeout(() => stop.abort(), 5_000);
  const edits: PortalEdit[] = [];
  const all = { contact: 'ops@example.org', version: '1', endpoint: stream.endpoint, backoffMs: 10, ...options };
  for await (const edit of portalEdits(all, stop.signal)) {
    edits.push(edit);
    if (edits.length === count) break;
  }
  clearTimeout(deadline);
  stop.abort();
  return edits;
}

describe('portalEdits', () => {
  it('keeps edits of day pages and drops other wikis, namespaces, pages and canaries', async () => {
    stream.connections = [
      events(
        change({ wiki: 'dewiki' }),
        change({ namespace: 0 }),
        change({ title: 'Portal:Current events/Sidebar' }),
        change({}, { domain: 'canary' }),
        'not json',
        change({ title: 'Portal:Current events/2026 February 28' }),
      ),
    ];

    expect(await take(1)).toEqual([
      {
        day: '2026-02-28',
        title: 'Portal:Current events/2026 February 28',
        revision: 2,
        at: '2026-03-01T10:00:00Z',
        id: '[{"offset":5}]',
      },
    ]);
  });

  it('comes back where it was when the connection breaks', async () => {
    stream.connections = [events(change({}), change({ wiki: 'dewiki' })), events(change({ revision: { new: 3 } }))];

    const edits = await take(2);

    expect(edits.map(({ revision }) => revision)).toEqual([2, 3]);
    expect(stream.asked[1]?.headers['last-event-id']).toBe('[{"offset":1}]');
  });

  it('begins at `since`, and says who is asking', async () => {
    stream.connections = [events(change({}))];

    await take(1, { since: '2026-02-27T00:00:00Z' });

    expect(stream.asked[0]?.url).toContain('since=2026-02-27');
    expect(stream.asked[0]?.headers['user-agent']).toContain('(ops@example.org)');
  });

  it('waits as long as it is asked to when it came back too soon', async () => {
    stream.connections = [(response) => void response.writeHead(429, { 'retry-after': '1' }).end(), events(change({}))];

    await take(1);

    expect((stream.asked[1]?.at ?? 0) - (stream.asked[0]?.at ?? 0)).toBeGreaterThanOrEqual(950);
  });

  it('leaves a connection on which nothing comes any more', async () => {
    stream.connections = [(response) => void response.writeHead(200).write(':ok\n\n'), events(change({}))];

    expect(await take(1, { idleMs: 100 })).toHaveLength(1);
  });

  it('reads an event that comes in pieces, over several data lines and with any line ending', async () => {
    stream.connections = [
      (response) => {
        const at = change({}).indexOf('"wiki"');
        const [head, tail] = [change({}).slice(0, at), change({}).slice(at)];
        const whole = Buffer.from(`: a comment é\r\nid: 9\r\ndata: ${head}\r\ndata:${tail}\r\n\r\n`);
        response.writeHead(200);
        for (const byte of whole) response.write(Buffer.from([byte]));
        response.end();
      },
    ];

    const [edit] = await take(1);

    expect(edit).toMatchObject({ day: '2026-03-01', id: '9' });
  });

  it('refuses to listen without a contact', async () => {
    const edits = portalEdits({ contact: undefined, version: '1' }, AbortSignal.timeout(100));

    await expect(edits.next()).rejects.toThrow(/THROUGHLINE_CONTACT/);
  });
});

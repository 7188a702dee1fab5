import type { ServerResponse } from 'node:http';
import { Day } from '@throughline/core';
import { jobs } from '@throughline/pipeline';
import { openQueue } from '@throughline/queue';
import { testDatabase } from '@throughline/test';
import { serveOnLoopback } from '@throughline/test/loopback';
import { stationOn } from '@throughline/test/station';
import { expect, it, vi } from 'vitest';
import { followEdits } from '../../services/worker/src/follow-edits.ts';

const PATIENT = { timeout: 20_000, interval: 50 };

/** One edit of a day's page, as EventStreams tells it. */
const edited = (offset: number, title: string): string =>
  `id: [{"offset":${offset}}]\ndata: ${JSON.stringify({
    meta: { domain: 'en.wikipedia.org', dt: '2026-03-01T10:00:00Z' },
    wiki: 'enwiki',
    namespace: 100,
    title: `Portal:Current events/${title}`,
    revision: { new: offset },
  })}\n\n`;

it('asks for a day whose page is edited, and goes on after a break and after a restart where it was', async () => {
  await using database = await testDatabase();
  const { context, close } = await stationOn(database.db);
  const queue = await openQueue({ url: 'memory:', jobs, log: { warn() {}, error() {} } });
  const connections: ((response: ServerResponse) => void)[] = [
    (response) => response.end(edited(1, '2026 March 1')), // and breaks
    (response) => void response.write(edited(2, '2026 March 2')), // and stays open
    (response) => void response.write(edited(3, '2026 March 3')),
  ];
  await using wiki = await serveOnLoopback({
    '*'(_, response) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      connections.shift()?.(response);
    },
  });
  const asked = vi.spyOn(queue, 'enqueue');
  const days = () => asked.mock.calls.flatMap(([requests]) => requests.map(({ payload }) => payload));
  const options = { contact: 'ops@example.org', version: '1', endpoint: wiki.origin, backoffMs: 10 };
  const followUntil = async (count: number) => {
    const stop = new AbortController();
    const following = followEdits(context, queue, options, stop.signal);
    await vi.waitFor(async () => {
      expect(days()).toHaveLength(count);
      expect(await context.cursors.get('edits')).toBe(`[{"offset":${count}}]`);
    }, PATIENT);
    stop.abort();
    await following;
  };
  try {
    await followUntil(2);
    await followUntil(3);
    const day = (text: string) => ({ source: 'portal', days: [Day.parse(text)] });
    expect(days()).toEqual([day('2026-03-01'), day('2026-03-02'), day('2026-03-03')]);
    const lastIds = wiki.requests.map(({ headers }) => headers['last-event-id']);
    expect(lastIds).toEqual([undefined, '[{"offset":1}]', '[{"offset":2}]']);
    expect((await queue.counts())['discover']?.waiting).toBe(3);
  } finally {
    await queue.close();
    await close();
  }
});

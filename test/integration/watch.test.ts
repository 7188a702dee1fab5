import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { alarmStore, controlStore, workerStore } from '@throughline/db';
import { jobs, scheduledJobs, type Operation } from '@throughline/pipeline';
import { openQueue } from '@throughline/queue';
import { testDatabase } from '@throughline/test';
import { sql } from 'kysely';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { tellersOf } from '../../services/worker/src/tellers.ts';
import { isQuiet, look } from '../../services/worker/src/watch.ts';
import { serveOnLoopback } from '../support/loopback.ts';

const database = await testDatabase();
const { db } = database;
const queue = await openQueue({ url: 'memory:', jobs, log: { warn() {}, error() {} } });
afterAll(async () => {
  await queue.close();
  await database.drop();
});

const operation: Operation = { db, queue, live: false, dataDirectory: process.cwd(), now: Date.now };
const alarms = alarmStore(db);
const failures: unknown[] = [];
const options = { operation, alarms, tellers: [], onError: (error: unknown) => failures.push(error) };

beforeEach(async () => {
  await sql`truncate worker, throughput, failure, stage_control, schedule, alarm, run, page, subscription cascade`.execute(
    db,
  );
  failures.length = 0;
  await workerStore(db).beat('test:1', '1', []);
  await controlStore(db).know(scheduledJobs());
});

const killAnImport = () =>
  sql`insert into run (kind, heartbeat_at) values ('import', now() - interval '1 hour')`.execute(db);
const mendIt = () => sql`update run set state = 'done', ended_at = now()`.execute(db);

/** A mail server that takes one message after another and keeps what it was told (RFC 5321). */
async function mailServer(): Promise<{ url: string; messages: string[]; close: () => void }> {
  const messages: string[] = [];
  const server: Server = createServer((socket) => {
    let inMessage = false;
    let text = '';
    socket.write('220 loopback\r\n');
    socket.on('data', (chunk) => {
      for (const line of chunk.toString().split('\r\n')) {
        if (inMessage) {
          if (line === '.') {
            inMessage = false;
            messages.push(text);
            text = '';
            socket.write('250 taken\r\n');
          } else text += `${line}\n`;
        } else if (/^DATA/i.test(line)) {
          inMessage = true;
          socket.write('354 go on\r\n');
        } else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n');
        else if (line !== '') socket.write('250 well\r\n');
      }
    });
    socket.on('error', () => {});
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return { url: `smtp://127.0.0.1:${port}`, messages, close: () => server.close() };
}

describe('watching the lights', () => {
  it('keeps one alarm while a light is bad, and ends it when that is over', async () => {
    await look(options, 0);
    expect(await alarms.open()).toEqual([]);
    await killAnImport();
    await look(options, 0);
    await look(options, 0);
    expect(await alarms.open()).toMatchObject([{ light: 'runs', level: 'bad' }]);
    await mendIt();
    await look(options, 0);
    expect(await alarms.open()).toEqual([]);
    expect(await alarms.recent(9)).toHaveLength(1);
  });

  it('tells by webhook and by e-mail, once of the alarm and once of its end', async () => {
    const bodies: { type: string; raised: { light: string }[]; resolved: unknown[] }[] = [];
    const signatures: unknown[] = [];
    await using hook = await serveOnLoopback({
      '/hook': (request, response) => {
        let body = '';
        signatures.push(request.headers['webhook-signature']);
        request.on('data', (chunk: Buffer) => (body += chunk.toString()));
        request.on('end', () => {
          bodies.push(JSON.parse(body) as (typeof bodies)[number]);
          response.end();
        });
      },
    });
    const mail = await mailServer();
    const tellers = tellersOf({
      url: `${hook.origin}/hook`,
      secret: 'a secret of twenty-four letters',
      mail: { to: 'operator@news.example', server: mail.url },
      dashboard: 'https://news.example/ops',
    });
    await killAnImport();
    await look({ ...options, tellers }, 60_000);
    expect(bodies).toEqual([]);
    for (let n = 0; n < 3; n++) await look({ ...options, tellers }, 0);
    await mendIt();
    for (let n = 0; n < 3; n++) await look({ ...options, tellers }, 0);
    mail.close();

    expect(failures).toEqual([]);
    expect(bodies.map(({ raised, resolved }) => [raised.length, resolved.length])).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(signatures).toEqual([expect.stringMatching(/^v1,/), expect.stringMatching(/^v1,/)]);
    expect(mail.messages).toHaveLength(2);
    expect(mail.messages[0]).toMatch(/Subject: Throughline: runs\n[\s\S]*import \d+ has said nothing for/);
    expect(mail.messages[1]).toContain('resolved: runs');
  });

  it('tells later what could not be told, and what came up in quiet hours', async () => {
    let tells = 0;
    let works = false;
    const tellers = [
      async () => {
        tells++;
        if (!works) throw new Error('nobody there');
      },
    ];
    await killAnImport();
    const hour = new Date().getUTCHours();
    await look({ ...options, tellers, quietHours: { from: hour, to: (hour + 2) % 24 } }, 0);
    expect(tells).toBe(0);
    await look({ ...options, tellers }, 0);
    works = true;
    for (let n = 0; n < 3; n++) await look({ ...options, tellers }, 0);
    expect(tells).toBe(2);
    expect(failures).toEqual([expect.objectContaining({ message: 'nobody there' })]);
  });

  it('knows quiet hours that go over midnight', () => {
    const at = (hour: number) => Date.UTC(2026, 0, 15, hour, 30);
    expect([21, 22, 3, 6, 7].map((hour) => isQuiet(at(hour), { from: 22, to: 7 }))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
    expect([8, 9, 16, 17].map((hour) => isQuiet(at(hour), { from: 9, to: 17 }))).toEqual([false, true, true, false]);
    expect(isQuiet(at(3), undefined)).toBe(false);
  });
});

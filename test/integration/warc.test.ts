import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { ARCHIVE_HOST, Day } from '@throughline/core';
import type { Database } from '@throughline/db';
import { captureJob } from '@throughline/pipeline';
import { request } from '@throughline/queue';
import { testDatabase } from '@throughline/test';
import { serveOnLoopback } from '@throughline/test/loopback';
import { portalPage, reader } from '@throughline/test/record';
import { difference, everything, stationOn, untilDone, workOn } from '@throughline/test/station';
import { runHere } from '@throughline/test/terminal';
import { sql } from 'kysely';
import { WARCParser } from 'warcio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { story } from '../support/politeness/hosts.ts';

const DAY = Day.parse('2026-03-10');
const PATHS = ['/bridge?utm_source=x', '/flood', '/gone', '/moved'];
const ended: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const end of ended.toReversed()) await end();
});

const files = await mkdtemp(join(tmpdir(), 'throughline-warc-'));
ended.push(() => rm(files, { recursive: true, force: true }));
const OUT = join(files, 'all.warc.gz');

/** A database in which one event a path cites a page of `news.example`, and a data directory of its own. */
async function archive(name: string) {
  const { db, url, drop } = await testDatabase();
  ended.push(drop);
  await reader(db)({
    day: DAY,
    wikitext: portalPage(PATHS.map((path, i) => `Item ${i} of [[Town ${i}]]. [http://www.news.example${path} (News)]`)),
  });
  const env = { DATABASE_URL: url, THROUGHLINE_DATA: join(files, name) };
  return { db, throughline: (...args: string[]) => runHere(args, env), dataDirectory: join(files, name) };
}

type Archive = Awaited<ReturnType<typeof archive>>;
const articles = async (db: Database) =>
  (
    await sql<
      Record<string, unknown>
    >`select url, state, reason, title, body, rules, archived_url, merged_into from article order by url`.execute(db)
  ).rows;
let first: Archive;
let requests = 0;

beforeAll(async () => {
  first = await archive('first');
  const web = await serveOnLoopback({
    '*'(incoming, response) {
      requests++;
      const { host, pathname, searchParams } = new URL(String(incoming.headers['x-replay-url']));
      const html = (text: string) =>
        void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(text);
      if (host === ARCHIVE_HOST && pathname.startsWith('/cdx')) {
        return void response.writeHead(200, { 'content-type': 'application/json' }).end(
          JSON.stringify([
            ['timestamp', 'original'],
            ['20260311000000', searchParams.get('url')],
          ]),
        );
      }
      if (host === ARCHIVE_HOST) return html(story('What was gone'));
      if (pathname === '/bridge') return html(story('A bridge — за рекой'));
      if (pathname === '/flood') return html(story('A flood'));
      if (pathname === '/moved') return void response.writeHead(301, { location: 'http://news.example/flood' }).end();
      response.writeHead(404).end();
    },
  });
  ended.push(async () => web[Symbol.asyncDispose]());
  const hosts = new Set(['www.news.example', 'news.example', ARCHIVE_HOST]);
  const station = await stationOn(first.db, {
    dataDirectory: first.dataDirectory,
    contact: 'ops@example.org',
    replay: { origin: web.origin, hosts },
  });
  ended.push(station.close);
  const { queue, worker } = await workOn(station.context);
  await untilDone(queue, station.context, [request(captureJob, { host: 'www.news.example' })]);
  for (;;) {
    const { waiting, located } = await station.context.articles.copies();
    if (waiting + located === 0) break;
    await sleep(100); // the archive's next turn
  }
  await worker.close();
});

describe('what was captured', () => {
  it('is one article for a page that another redirects to, and has a copy where it is gone', async () => {
    expect(
      (await articles(first.db)).map(({ url, state, title, mergedInto }) => [url, state, title, mergedInto]),
    ).toEqual([
      ['https://news.example/bridge', 'ok', 'A bridge — за рекой', null],
      ['https://news.example/flood', 'ok', 'A flood', null],
      ['https://news.example/gone', 'gone', 'What was gone', null],
      ['https://news.example/moved', 'ok', null, 2],
    ]);
  });

  it('is exported as a WARC file that another reader takes, every digest right', async () => {
    expect(await first.throughline('export', 'warc', '--out', OUT, '--dry-run')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^4 captures, \d+ bytes\n$/),
    });
    expect(await first.throughline('export', 'warc', '--out', OUT)).toMatchObject({ code: 0 });
    const records: { type: unknown; uri: unknown; body: Buffer; digest: unknown; status: unknown }[] = [];
    for await (const record of WARCParser.iterRecords(createReadStream(OUT))) {
      const body = Buffer.from(await record.readFully(true));
      records.push({
        type: record.warcType,
        uri: record.warcTargetURI,
        body,
        digest: record.warcPayloadDigest,
        status: record.httpHeaders?.statusCode,
      });
    }
    expect(records.map(({ type, uri, status }) => [type, uri, status])).toEqual([
      ['warcinfo', null, undefined],
      ['response', 'http://www.news.example/bridge?utm_source=x', 200],
      ['response', 'http://www.news.example/flood', 200],
      ['response', 'http://news.example/flood', 200],
      ['response', 'https://web.archive.org/web/20260311000000id_/http://www.news.example/gone', 200],
    ]);
    for (const { body, digest } of records.slice(1)) {
      expect(digest).toBe(`sha1:${base32(createHash('sha1').update(body).digest())}`);
      expect(body.toString()).toContain('<!doctype html>');
    }
    expect(
      await first.throughline('export', 'warc', '--out', join(files, 'none.warc.gz'), '--from', '2027-01-01'),
    ).toMatchObject({ code: 0 });
    expect(await first.throughline('export', 'warc', '--out', join(files, 'no', 'such', 'place.gz'))).toMatchObject({
      code: 1,
      error: expect.stringMatching(/cannot write/),
    });
  });

  it('is imported elsewhere as if it had been captured there, twice the same', async () => {
    const second = await archive('second');
    const before = requests;
    expect(await second.throughline('import', 'warc', OUT)).toMatchObject({
      code: 0,
      out: '4 captures kept, 0 known already, 0 that no event cites, 0 without a page\n',
    });
    const read = (rows: Record<string, unknown>[]) =>
      rows
        .filter(({ url }) => url !== 'https://news.example/moved')
        .map(({ url, title, body, rules, archivedUrl }) => ({ url, title, body, rules, archivedUrl }));
    expect(read(await articles(second.db))).toEqual(read(await articles(first.db)));
    const kept = await everything(second.db);
    expect(await second.throughline('import', 'warc', OUT)).toMatchObject({
      out: '0 captures kept, 4 known already, 0 that no event cites, 0 without a page\n',
    });
    expect(difference(kept, await everything(second.db))).toEqual([]);
    expect(requests).toBe(before);
    const { rows } = await sql`select url from article where next_try_at is not null order by url`.execute(second.db);
    expect(rows).toEqual([{ url: 'https://news.example/gone' }, { url: 'https://news.example/moved' }]);
  });

  it('is refused in one line where it is no WARC, or not whole', async () => {
    const bad = join(files, 'bad.warc');
    await writeFile(bad, 'this is no WARC file');
    expect(await first.throughline('import', 'warc', bad)).toMatchObject({
      code: 1,
      error: expect.stringMatching(/cannot read .*bad\.warc: not a WARC record/),
    });
    const cut = join(files, 'cut.warc.gz');
    await writeFile(cut, (await readFile(OUT)).subarray(0, 900));
    expect(await first.throughline('import', 'warc', cut)).toMatchObject({
      code: 1,
      error: expect.stringMatching(/cannot read .*cut/),
    });
    expect(await first.throughline('import', 'warc', join(files, 'nothing.warc'))).toMatchObject({
      code: 1,
      error: expect.stringMatching(/ENOENT/),
    });
  });
});

describe('reading it all anew', () => {
  it('asks nobody, finds the same, and puts right what was lost', async () => {
    const before = requests;
    const was = await articles(first.db);
    expect(await first.throughline('reextract', '--dry-run')).toMatchObject({ out: '3 articles with snapshots\n' });
    expect(await first.throughline('reextract')).toMatchObject({
      code: 0,
      out: '0 articles read otherwise than before, 3 as before\n',
    });
    await sql`update article set title = 'wrong', body = null, rules = null`.execute(first.db);
    const changes = async () =>
      (await sql<{ count: number }>`select count(*) as count from change`.execute(first.db)).rows[0]?.count ?? 0;
    const told = await changes();
    expect(await first.throughline('reextract')).toMatchObject({
      out: '3 articles read otherwise than before, 0 as before\n',
    });
    const isRead = ({ mergedInto }: Record<string, unknown>) => mergedInto === null;
    expect((await articles(first.db)).filter(isRead)).toEqual(was.filter(isRead));
    expect(await changes()).toBe(told + 4); // one article is cited by two events
    expect(requests).toBe(before);
  });

  it('goes on where it was stopped, and says what it could not read', async () => {
    const { rows } = await sql<{ articleId: number }>`select article_id from snapshot order by article_id`.execute(
      first.db,
    );
    await sql`insert into cursor (name, value) values ('reextract', ${String(rows[0]?.articleId)})`.execute(first.db);
    expect(await first.throughline('reextract', '--dry-run')).toMatchObject({
      out: '2 articles with snapshots are left\n',
    });
    const hashes = await sql<{
      hash: string;
    }>`select hash from snapshot where article_id in (1, 3) order by id`.execute(first.db);
    const [one = '', other = ''] = hashes.rows.map(({ hash }) =>
      join(first.dataDirectory, 'snapshots', hash.slice(0, 2), hash.slice(2, 4), `${hash}.warc.gz`),
    );
    await truncate(one, 40);
    await rm(other);
    expect(await first.throughline('reextract', '--from-start')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/1 as before, 1 whose snapshot is not there, 1 whose snapshot is damaged\n$/),
    });
    expect((await sql`select from cursor where name = 'reextract'`.execute(first.db)).rows).toEqual([]);
    expect(await first.throughline('export', 'warc', '--out', join(files, 'less.warc.gz'))).toMatchObject({
      code: 1,
      error: expect.stringMatching(/1 of 4 captures are not in the snapshot store/),
    });
  });
});

describe('looking an article up', () => {
  it.each([
    'http://news.example/flood',
    'https://m.news.example/flood/?utm_medium=social#top',
    'http://www.news.example/moved',
    'https://www-news-example.cdn.ampproject.org/c/s/www.news.example/moved',
  ])('finds it and both of its events by %s', async (spelling) => {
    const { out, code } = await first.throughline('lookup', spelling, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      citedUrl: 'http://www.news.example/flood',
      title: 'A flood',
      urls: ['https://news.example/flood', 'https://news.example/moved'],
      citedAs: ['http://www.news.example/flood', 'http://www.news.example/moved'],
      events: [{ text: 'Item 1 of Town 1.' }, { text: 'Item 3 of Town 3.' }],
    });
  });

  it('says it in words, and what it does not know', async () => {
    const { out } = await first.throughline('lookup', 'news.example/gone'.replace(/^/, 'https://'));
    expect(out).toMatch(
      /^article \d+: gone \(status 404\)\n {2}title {5}What was gone\n {2}cited {5}http:\/\/www\.news\.example\/gone\n/,
    );
    expect(out).toContain(`  copy      https://${ARCHIVE_HOST}/web/20260311000000/http://www.news.example/gone\n`);
    expect(await first.throughline('lookup', 'https://news.example/other')).toMatchObject({
      code: 1,
      error: 'throughline: no event cites https://news.example/other\n',
    });
    expect(await first.throughline('lookup', 'not a url')).toMatchObject({
      code: 1,
      error: expect.stringMatching(/is no http or https URL/),
    });
  });
});

describe('asking again', () => {
  it('is for one article, a host, or all before a day', async () => {
    expect(await first.throughline('revisit')).toMatchObject({ code: 1, error: expect.stringMatching(/say which/) });
    expect(await first.throughline('revisit', 'http://news.example/moved')).toMatchObject({
      code: 0,
      out: '1 articles to be asked for again; a running worker does it\n',
    });
    expect(await first.throughline('revisit', '--host', 'www.news.example', '--before', '2020-01-01')).toMatchObject({
      out: expect.stringMatching(/^0 articles/),
    });
    expect(await first.throughline('revisit', '--host', 'www.news.example')).toMatchObject({
      out: expect.stringMatching(/^2 articles/),
    });
    expect(
      (await sql`select url from article where next_try_at is not null and attempts = 0`.execute(first.db)).rows,
    ).toHaveLength(3);
  });
});

describe('the search for copies', () => {
  it('says how many there are to find and how long it takes, and wants to know who asks', async () => {
    await sql`update article set copy_try_at = now(), archived_url = null where state = 'gone'`.execute(first.db);
    expect(await first.throughline('copies', '--dry-run')).toMatchObject({
      code: 0,
      out: '1 articles to be found, 0 found, 0 without a copy\n1 to 2 requests: 0 seconds to 3 seconds at least\n',
    });
    expect(await first.throughline('copies')).toMatchObject({
      code: 1,
      error: expect.stringMatching(/THROUGHLINE_CONTACT/),
    });
  });
});

/** RFC 4648, 6, bit by bit: not the code under test. */
function base32(bytes: Buffer): string {
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  let text = '';
  for (let i = 0n; i < 32n; i++)
    text = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(Number((bits >> (i * 5n)) & 31n)) + text;
  return text;
}

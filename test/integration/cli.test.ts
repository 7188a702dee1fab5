import { execFileSync } from 'node:child_process';
import { access, chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Day, dayOfInstant, type EventPage } from '@throughline/core';
import { eventStore, failureStore, runStore } from '@throughline/db';
import { pageTitle } from '@throughline/portal';
import { createDatabase, freePort, testDatabase, testServer } from '@throughline/test';
import { cli, startCli } from '@throughline/test/cli';
import { serveOnLoopback, type Reply } from '@throughline/test/loopback';
import { portalPage } from '@throughline/test/record';
import { difference, everything } from '@throughline/test/station';
import { runHere } from '@throughline/test/terminal';
import { sql } from 'kysely';
import { pack } from 'tar-stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { locateSample } from '../../services/cli/src/sample.ts';

const database = await testDatabase();
const { db } = database;
const files = await mkdtemp(join(tmpdir(), 'throughline-files-'));
const env = { DATABASE_URL: database.url, THROUGHLINE_DATA: join(files, 'data') };
afterAll(async () => {
  await database.drop();
  await rm(files, { recursive: true, force: true });
});

const throughline = (...args: string[]) => runHere(args, env);
const DAYS = join(locateSample(), 'days');

const tarOf = (entries: Record<string, string>): Promise<Buffer> => {
  const tar = pack();
  for (const [name, text] of Object.entries(entries)) tar.entry({ name }, text);
  tar.finalize();
  return buffer(tar);
};
const manyDays = (year: number, days = 60): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: days }, (_, i) => {
      const day = dayOfInstant(Date.UTC(year, 0, 1 + i));
      const items = Array.from(
        { length: 5 },
        (__, k) => `Item ${k} of ${day} in [[City ${k}]]. [http://example.org/${day}/${k} (A)]`,
      );
      return [`${day}.wiki`, portalPage(items)];
    }),
  );

/** Files that cannot be imported, by name. */
async function makeBadFiles(): Promise<void> {
  const tar = await tarOf(manyDays(2001));
  const gz = gzipSync(tar);
  await writeFile(join(files, 'cut.tar.gz'), gz.subarray(0, gz.length / 2));
  await writeFile(join(files, 'cut.tar'), tar.subarray(0, tar.length / 2));
  await writeFile(join(files, 'no.tar.gz'), 'this is no archive at all');
  await writeFile(join(files, 'empty.tar'), await tarOf({}));
  await writeFile(join(files, 'whole.tar'), tar);
  await writeFile(join(files, 'notes.txt'), 'no day');
  await mkdir(join(files, 'html'));
  await writeFile(join(files, 'html', '2001-01-01.wiki'), portalPage(['A good one in [[Rome]].']));
  await writeFile(join(files, 'html', '2001-01-02.wiki'), '\n<!DOCTYPE html><html><body>Not found</body></html>');
  await writeFile(join(files, '2001-01-03.wiki'), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]));
  await writeFile(join(files, '2001-02-30.wiki'), portalPage(['A day that never was.']));
  await mkdir(join(files, 'empty'));
}

beforeAll(makeBadFiles);

/** One line, for a person, without a stack. */
const expectOneLine = (error: string) => {
  expect(error.trimEnd().split('\n')).toHaveLength(1);
  expect(error).toMatch(/^throughline: \S/);
  expect(error).not.toMatch(/\bat .*:\d+:\d+|\[object|undefined/);
};

describe('a command line that cannot be followed', () => {
  it.each([
    [['--bogus'], /unknown option '--bogus'/],
    [['bogus'], /unknown command 'bogus'/],
    [['import'], /missing required argument 'path'/],
    [['show', '2017-01-30', '--format', 'pdf'], /argument 'pdf' is invalid. Allowed choices are html, md, json, xml/],
    [['backfill', '--from', '2017-02-30', '--to', '2017-03-01'], /"2017-02-30" is no day: write YYYY-MM-DD/],
    [['export', 'ndjson', '--from', 'yesterday'], /"yesterday" is no day/],
    [['lab'], /Usage: throughline lab/],
  ] as const)('%j ends with 2 and says why', async (args, says) => {
    const { code, out, error } = await runHere(args, {});
    expect([code, out]).toEqual([2, '']);
    expect(error).toMatch(says);
  });

  it.each([
    ['a PORT that is none', { PORT: 'http' }, /^throughline: PORT="http": not a whole number from 0 to 65535$/],
    [
      'a DATABASE_URL of another kind',
      { DATABASE_URL: 'mysql://me:secret@h/d' },
      /^throughline: DATABASE_URL="mysql:\/\/me:\*\*\*@h\/d": not a URL of the form postgres:/,
    ],
    [
      'a contact nobody can write to',
      { THROUGHLINE_CONTACT: 'me' },
      /^throughline: THROUGHLINE_CONTACT="me": neither an e-mail address nor/,
    ],
  ])('%s ends with 2 and says what is right', async (_, settings, says) => {
    const { code, error } = await runHere(['start'], settings);
    expect(code).toBe(2);
    expect(error.trimEnd()).toMatch(says);
  });
});

describe('as a process', () => {
  it('says its version, helps, and ends with 2 for what it does not know', async () => {
    const [version, help, unknown] = await Promise.all([cli(['--version']), cli(['--help']), cli(['bogus'])]);
    expect(version).toEqual({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), error: '' });
    expect(help).toMatchObject({ code: 0, error: '' });
    for (const command of [
      'start',
      'worker',
      'web',
      'import',
      'backfill',
      'submit',
      'show',
      'related',
      'export',
      'doctor',
      'migrate',
      'lab',
    ])
      expect(help.out).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect(help.out).toMatch(/Exit codes/);
    expect(unknown).toMatchObject({
      code: 2,
      out: '',
      error: expect.stringMatching(/^throughline: unknown command 'bogus'.*\n$/),
    });
  });
});

describe('bad input', () => {
  let before: Record<string, string[]>;
  beforeAll(async () => {
    before = await everything(db);
  });

  it.each([
    ['a missing file', 'nowhere.tar', /no such file: .*nowhere\.tar/],
    ['a truncated gzip archive', 'cut.tar.gz', /cut\.tar\.gz cannot be unpacked .*truncated or damaged, get it again/],
    ['a truncated archive', 'cut.tar', /cut\.tar cannot be unpacked .*truncated or damaged, get it again/],
    ['what only claims to be an archive', 'no.tar.gz', /no\.tar\.gz cannot be unpacked/],
    ['an archive of nothing', 'empty.tar', /no day files in .*empty\.tar: they are named YYYY-MM-DD\.wiki/],
    [
      'an HTML page among good days',
      'html',
      /2001-01-02\.wiki is an HTML page, not wikitext: save it with "\?action=raw"/,
    ],
    ['a binary file', '2001-01-03.wiki', /2001-01-03\.wiki is a binary file, not wikitext/],
    ['an impossible date', '2001-02-30.wiki', /2001-02-30\.wiki: there is no such day/],
    ['a directory without days', 'empty', /no day files in .*empty: they are named/],
    ['a file of another kind', 'notes.txt', /notes\.txt is neither a directory, a tar archive .* nor a day file/],
  ])('import of %s ends with 1 and one clear line', async (_, name, says) => {
    const { code, out, error } = await throughline('import', join(files, name));
    expect([code, out]).toEqual([1, '']);
    expectOneLine(error);
    expect(error).toMatch(says);
  });

  it('import of a truncated xz archive ends with 1 and one clear line', async ({ skip }) => {
    try {
      execFileSync('xz', ['--keep', '--force', join(files, 'whole.tar')]);
    } catch {
      skip('NOT RUN: there is no xz on this machine to make an archive with');
    }
    const whole = await readFile(join(files, 'whole.tar.xz'));
    await writeFile(join(files, 'cut.tar.xz'), whole.subarray(0, whole.length / 2));
    expect(await throughline('import', '--dry-run', join(files, 'whole.tar.xz'))).toEqual({
      code: 0,
      out: '60 days, 2001-01-01 to 2001-03-01\n',
      error: '',
    });
    const { code, error } = await throughline('import', join(files, 'cut.tar.xz'));
    expect(code).toBe(1);
    expectOneLine(error);
    expect(error).toMatch(/cut\.tar\.xz cannot be unpacked/);
  });

  it.each([
    ['http://me:hunter2@example.org/', /carries a user name or password/],
    ['ftp://example.org/a', /"ftp:" is not supported: the URL must begin with http/],
    ['http://127.0.0.1/', /"127\.0\.0\.1" is not a public address \(loopback\)/],
    ['http://[::1]:5432/', /not a public address/],
    ['http://2130706433/', /not a public address/],
    ['nonsense', /"nonsense" is not a URL/],
  ])('submit %s ends with 1 and one clear line', async (url, says) => {
    const { code, out, error } = await throughline('submit', url);
    expect([code, out]).toEqual([1, '']);
    expectOneLine(error);
    expect(error).toMatch(says);
    expect(error).not.toContain('hunter2');
  });

  it.each([
    [
      ['show', '1999-01-01'],
      /no events are known for 1999-01-01: `throughline import` or `throughline backfill` reads it/,
    ],
    [['show', 'no such words'], /no day or event is called "no such words"/],
    [['related', 'http://127.0.0.1/not-cited'], /not a public address/],
    [['related', '2017-01-30'], /2017-01-30 is a day: name one of its events/],
    [['backfill', '--from', '2017-02-02', '--to', '2017-02-01'], /--from 2017-02-02 is later than --to 2017-02-01/],
    [['backfill', '--from', '2017-02-01', '--to', '2017-02-01'], /set THROUGHLINE_CONTACT to an e-mail address or URL/],
    [['export', 'site', '--out', join(files, 'notes.txt')], /cannot write .*notes\.txt/],
    [['export', 'site', '--out', join(files, 'site'), '--url', 'nowhere'], /"nowhere" is no URL/],
    [['export', 'ndjson', '--out', join(files, 'nowhere', 'a.ndjson')], /cannot write .*a\.ndjson/],
    [['lab', 'parse', join(files, 'nowhere')], /no such file/],
  ] as const)('%j ends with 1 and one clear line', async (args, says) => {
    const { code, out, error } = await throughline(...args);
    expect([code, out]).toEqual([1, '']);
    expectOneLine(error);
    expect(error).toMatch(says);
  });

  it('leaves the database as it was', async () => {
    expect(difference(before, await everything(db))).toEqual([]);
    expect(await runStore(db).lastOf('import')).toBeUndefined();
  });

  it('of a database or port that cannot be had is told in one line', async () => {
    const nobody = await freePort();
    const elsewhere = new URL(await testServer());
    elsewhere.pathname = '/no_such_database';
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((listening) => taken.once('listening', listening));
    const { port } = taken.address() as AddressInfo;
    try {
      for (const [settings, says] of [
        [
          { DATABASE_URL: `postgres://me:hunter2@127.0.0.1:${nobody}/d` },
          /cannot use the database of DATABASE_URL .*ECONNREFUSED.*Correct it, or unset it/,
        ],
        [
          { DATABASE_URL: elsewhere.href },
          /cannot use the database of DATABASE_URL .*"no_such_database" does not exist/,
        ],
        [{ ...env, PORT: String(port) }, new RegExp(`Port ${port} of 127.0.0.1 is taken by another program`)],
        [{ ...env, REDIS_URL: `redis://127.0.0.1:${nobody}` }, /redis/i],
      ] as const) {
        const { code, error } = await runHere(['start', '--no-sample'], settings);
        expect([says, code]).toEqual([says, 1]);
        expectOneLine(error);
        expect(error).toMatch(says);
        expect(error).not.toContain('hunter2');
      }
    } finally {
      taken.close();
    }
  });
});

describe('a data directory that cannot be used', () => {
  it('is told in one line where it is a file', async () => {
    const { code, error } = await runHere(['doctor'], { THROUGHLINE_DATA: join(files, 'notes.txt') }).then(
      ({ code: c, out, error: e }) => ({ code: c, error: out + e }),
    );
    expect(code).toBe(3);
    expect(error).toMatch(
      /^FAIL {2}data directory .*it is a file, not a directory. Choose another with THROUGHLINE_DATA/m,
    );
    const started = await runHere(['show', '2017-01-30'], { THROUGHLINE_DATA: join(files, 'notes.txt') });
    expect(started.code).toBe(1);
    expectOneLine(started.error);
  });

  it.each([
    ['full', 'size=6m', /full|space/i],
    ['read-only', 'ro', /read-only/],
  ])('is told in one line where its disk is %s', async (_, options, says) => {
    const mounted = await mount(options);
    if (!mounted) return console.warn('\nNOT RUN: mounting a small file system takes root\n');
    try {
      const { code, error } = await runHere(['show', '2017-01-30'], { THROUGHLINE_DATA: join(mounted, 'data') });
      expect(code).toBe(1);
      expectOneLine(error);
      expect(error).toMatch(says);
    } finally {
      execFileSync('umount', [mounted]);
    }
    return undefined;
  });
});

async function mount(options: string): Promise<string | undefined> {
  const directory = await mkdtemp(join(files, 'disk-'));
  await chmod(files, 0o755);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `${options},mode=755`, 'tmpfs', directory], { stdio: 'ignore' });
    return directory;
  } catch {
    return undefined;
  }
}

describe('import', () => {
  it('reads days, and finds them all unchanged the second time', async () => {
    const first = await throughline('import', DAYS);
    expect(first.code).toBe(0);
    expect(first.out).toMatch(/^40 days read, 77 events new or changed, 0 days as before\n$/);
    const before = await everything(db);
    const second = await throughline('import', DAYS);
    expect(second).toMatchObject({ code: 0, out: '0 days read, 0 events new or changed, 40 days as before\n' });
    expect(difference(before, await everything(db))).toEqual([]);
    expect(await runStore(db).lastOf('import')).toMatchObject({ state: 'done', finished: 40, total: 40 });
  });

  it('ends with 130 at Ctrl-C with what it has in hand finished, and goes on when it is called again', async () => {
    const own = await testDatabase();
    const settings = { ...env, DATABASE_URL: own.url };
    const archive = join(files, 'long.tar');
    await writeFile(archive, await tarOf(manyDays(2004, 400)));
    const count = async () => {
      const { rows } = await sql<{ pages: number }>`select count(*)::int as pages from page`.execute(own.db);
      return rows[0]?.pages ?? 0;
    };
    try {
      const running = startCli(['import', archive, '--no-enrich'], settings);
      while ((await count()) === 0) await sleep(5);
      running.child.kill('SIGINT');
      const stopped = await running.ended;
      const done = await count();
      expect(stopped.code).toBe(130);
      expect(done).toBeLessThan(400);
      expect(done % 25).toBe(0);
      expect(stopped.out).toContain(`${400 - done} days left: call it again to go on\n`);
      expect(await runStore(own.db).lastOf('import')).toMatchObject({ state: 'stopped', finished: done, total: 400 });

      const again = await runHere(['import', archive, '--no-enrich'], settings);
      expect(again.out).toContain(
        `${400 - done} days read, ${(400 - done) * 5} events new or changed, ${done} days as before`,
      );
      expect(await count()).toBe(400);
      expect((await sql`select 1 from event`.execute(own.db)).rows).toHaveLength(2_000);
    } finally {
      await own.drop();
    }
  });
});

describe('what was imported', () => {
  it('is shown in every format', async () => {
    const day = await throughline('show', '2017-01-30');
    expect(day).toMatchObject({ code: 0, error: '' });
    expect(day.out).toMatch(/Six long-range bombers/);
    const json = await throughline('show', 'long-range bombers', '--format', 'json');
    expect(JSON.parse(json.out)).toMatchObject({ event: { day: '2017-01-30' } });
    for (const format of ['html', 'xml'])
      expect((await throughline('show', '2017-01-30', '--format', format)).out).toMatch(/^</);
    const several = await throughline('show', 'Syria');
    expect(several).toMatchObject({
      code: 1,
      error: expect.stringMatching(
        /^throughline: several events fit "Syria"; name one by its id:\n {2}[0-9a-f-]{36} {2}20/,
      ),
    });
  });

  it('has related events with every piece of evidence, by words or by any spelling of a cited URL', async () => {
    const explained = await throughline('related', 'long-range bombers', '--explain');
    expect(explained).toMatchObject({ code: 0, error: '' });
    const blocks = explained.out.split(/^ *\d+\. /m).slice(1);
    expect(blocks.length).toBeGreaterThanOrEqual(5);
    for (const block of blocks) {
      const [score = 0, ...weights] = [...block.matchAll(/(?:^|^ {6} *)(-?\d+\.\d{3})(?= {2})/gm)].map(([, number]) =>
        Number(number),
      );
      expect(weights.length).toBeGreaterThan(0);
      expect(Math.abs(weights.reduce((sum, weight) => sum + weight, 0) - score)).toBeLessThan(
        0.001 * weights.length + 0.001,
      );
    }
    const url = 'https://reuters.com/article/us-mideast-crisis-syria-russia-bombers-idUSKBN15E1KN?utm_source=x';
    const byUrl = await throughline('related', url, '--json');
    const { related } = JSON.parse(byUrl.out) as Pick<EventPage, 'related'>;
    expect(related).toHaveLength(blocks.length);
  });

  it('has what belongs with a text that is no event, with the same evidence', async () => {
    const text = 'Russian bombers are seen over Deir ez-Zor Governorate in Syria once more';
    const { code, out } = await throughline('related', text, '--day', '2017-02-02', '--json');
    const listed = JSON.parse(out) as Pick<EventPage, 'day' | 'text' | 'related'>;
    expect([code, listed.day, listed.text]).toEqual([0, '2017-02-02', text]);
    expect(listed.related.map((one) => one.text)).toContainEqual(expect.stringMatching(/^Six long-range bombers/));
    const [{ score, evidence }] = listed.related as [EventPage['related'][number]];
    expect(evidence.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(score, 9);
  });

  it('is exported as NDJSON, one whole event a line', async () => {
    const all = await throughline('export', 'ndjson');
    const lines = all.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as EventPage);
    const { rows } = await sql<{ id: string }>`select id from v_event`.execute(db);
    expect(new Set(lines.map(({ id }) => id))).toEqual(new Set(rows.map(({ id }) => id)));
    const file = join(files, 'some.ndjson');
    const some = await throughline('export', 'ndjson', '--from', '2017-01-30', '--to', '2017-01-30', '--out', file);
    expect([some.code, some.out]).toEqual([0, '']);
    const kept = (await readFile(file, 'utf8')).trimEnd().split('\n');
    expect(kept).toEqual(
      all.out
        .trimEnd()
        .split('\n')
        .filter((line) => (JSON.parse(line) as EventPage).day === '2017-01-30'),
    );
  });

  it('is exported as the files of a site', async () => {
    const out = join(files, 'site');
    expect(await throughline('export', 'site', '--out', out, '--url', 'https://news.example')).toMatchObject({
      code: 0,
    });
    const names = (await readdir(out, { recursive: true })).map(String);
    const { rows } = await sql<{ path: string }>`select path from v_event`.execute(db);
    for (const { path } of rows) expect(names).toContain(path.slice(1));
    for (const name of ['index.html', 'index_rss.xml']) await access(join(out, name));
    expect(await readFile(join(out, 'index_rss.xml'), 'utf8')).toContain('https://news.example/');
  });

  it('would be computed anew, which is told before it is done', async () => {
    const before = await everything(db);
    const { code, out } = await throughline('enrich', '--all', '--dry-run');
    const { stable } = await eventStore(db).counts();
    expect([code, out]).toEqual([0, expect.stringContaining(`${stable} events: each is tagged`)]);
    expect((await throughline('enrich', '--dry-run')).out).toMatch(/^0 events: /);
    expect(difference(before, await everything(db))).toEqual([]);
  });

  it('is looked after by schedules, which are told with their turns', async () => {
    expect(await throughline('schedules')).toMatchObject({ code: 0, error: expect.stringContaining('no worker') });
    await sql`insert into schedule (name, every_ms, enabled, optional, last_at) values
      ('sweep', 60000, true, false, now() - interval '330 seconds'), ('copies', 3600000, true, false, now()),
      ('revisit', 3600000, false, false, null), ('export', 86400000, false, true, null)`.execute(db);
    const { out } = await throughline('schedules');
    expect(out).toMatch(/^sweep {2}every 1 minute, last \S+, next now, 4 missed$/m);
    expect(out).toMatch(/^copies {2}every 1 hour, last \S+, next in (1 hour|59 minutes .*)$/m);
    expect(out).toMatch(/^revisit {2}every 1 hour, not done yet, switched off$/m);
    expect(out).toMatch(/^export {2}every 1 day, not done yet, off \(optional\)$/m);
    await sql`delete from schedule`.execute(db);
  });

  it('is found healthy by the doctor', async () => {
    const { code, out } = await throughline('doctor');
    expect([code, out]).toEqual([0, expect.stringMatching(/^ok {4}database/m)]);
    await sql`update page set alarm = 'layout drift: made up' where day = '2017-01-30'`.execute(db);
    const ill = await throughline('doctor');
    await sql`update page set alarm = null`.execute(db);
    expect([ill.code, ill.out]).toEqual([
      3,
      expect.stringMatching(/^FAIL {2}page 2017-01-30 .*layout drift: made up$/m),
    ]);
    const nobody = await freePort();
    const unreachable = await runHere(['doctor'], { ...env, DATABASE_URL: `postgres://127.0.0.1:${nobody}/d` });
    expect([unreachable.code, unreachable.out]).toEqual([
      3,
      expect.stringMatching(/^FAIL {2}database .*ECONNREFUSED/m),
    ]);
  });

  it('has its lights told by the doctor as the dashboard tells them', async () => {
    const names = ['sources', 'layout', 'stages', 'workers', 'failures', 'hosts', 'runs', 'schedules', 'webhooks'];
    const healthy = await throughline('doctor');
    for (const name of names) expect(healthy.out).toMatch(new RegExp(`^(ok|off) {2,4}light ${name} +\\S`, 'm'));
    const { rows } = await sql<{ id: number }>`insert into run (kind, heartbeat_at)
      values ('made-up', now() - interval '1 hour') returning id`.execute(db);
    const ill = await throughline('doctor');
    await sql`update run set state = 'done', ended_at = now() where id = ${rows[0]?.id ?? 0}`.execute(db);
    expect([ill.code, ill.out]).toEqual([
      3,
      expect.stringMatching(/^FAIL {2}light runs +made-up \d+ has said nothing for 60 min: its process died/m),
    ]);
    const failure = { stage: 'enrich', key: 'k', payload: {}, host: null, error: 'odd', attempts: 1 };
    await failureStore(db).add(failure);
    const worth = await throughline('doctor');
    await failureStore(db).take({}, 9);
    expect([worth.code, worth.out]).toEqual([
      0,
      expect.stringMatching(/^look {2}light failures +1 job failed for good/m),
    ]);
  });
});

describe('migrate', () => {
  it('makes the schema on an empty database once, whoever else does so at the same time', async () => {
    const empty = await createDatabase();
    const settings = { ...env, DATABASE_URL: empty.url };
    try {
      const both = await Promise.all([runHere(['migrate'], settings), runHere(['migrate'], settings)]);
      expect(both.map(({ code }) => code)).toEqual([0, 0]);
      expect(both.filter(({ out }) => out.startsWith('ran 0001-first'))).toHaveLength(1);
      expect(await runHere(['migrate'], settings)).toEqual({ code: 0, out: 'the schema is up to date\n', error: '' });
    } finally {
      await empty.drop();
    }
  });
});

describe('live reading', () => {
  /** A wiki that has pages for some days, and counts how it is asked. */
  const wiki =
    (pages: ReadonlyMap<string, string>): Reply =>
    (incoming, response) => {
      const titles = (new URL(incoming.url ?? '', 'http://wiki').searchParams.get('titles') ?? '').split('|');
      const answers = titles.map((title) => {
        const content = pages.get(title);
        if (content === undefined) return { ns: 100, title, missing: true };
        const slots = { main: { contentmodel: 'wikitext', contentformat: 'text/x-wiki', content } };
        return {
          pageid: 1,
          ns: 100,
          title,
          revisions: [{ revid: 100, parentid: 99, timestamp: new Date(Date.now() - 86_400_000).toISOString(), slots }],
        };
      });
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ batchcomplete: true, query: { pages: answers } }));
    };

  it('backfill reads days from the wiki, 50 a call, and not again', async () => {
    const pages = new Map(
      Object.entries(manyDays(2003)).map(([name, text]) => [pageTitle(Day.parse(name.slice(0, 10))), text]),
    );
    await using server = await serveOnLoopback({ '/w/api.php': wiki(pages) });
    const own = await testDatabase();
    const settings = {
      ...env,
      DATABASE_URL: own.url,
      THROUGHLINE_CONTACT: 'ops@example.org',
      THROUGHLINE_PORTAL_API: `${server.origin}/w/api.php`,
    };
    try {
      const args = ['backfill', '--from', '2003-01-01', '--to', '2003-03-11'];
      expect(await runHere([...args, '--dry-run'], settings)).toMatchObject({
        code: 0,
        out: expect.stringMatching(/^70 days: 2 calls/),
      });
      const first = await runHere(args, settings);
      expect(first).toMatchObject({
        code: 0,
        out: '60 days read, 300 events new or changed, 10 days without a page, 0 failed\n',
      });
      expect(server.requests).toHaveLength(2);
      expect(server.requests[0]?.headers['user-agent']).toMatch(/^Throughline\/\S+ \(ops@example\.org\)/);
      expect(await runHere(args, settings)).toMatchObject({
        code: 0,
        out: '0 days read, 0 events new or changed, 0 days without a page, 0 failed\n',
      });
      expect(server.requests).toHaveLength(2);
      expect(await runHere([...args, '--again'], settings)).toMatchObject({
        code: 0,
        out: expect.stringMatching(/^60 days read, 0 events new or changed/),
      });
    } finally {
      await own.drop();
    }
  });

  it('start with a contact reads today from the wiki, once', async () => {
    const today = dayOfInstant(Date.now());
    const pages = new Map([[pageTitle(today), portalPage(['A bridge opens in [[Porto]].'])]]);
    await using server = await serveOnLoopback({ '/w/api.php': wiki(pages) });
    const own = await testDatabase();
    const interruption = new AbortController();
    const settings = {
      ...env,
      DATABASE_URL: own.url,
      PORT: '0',
      THROUGHLINE_CONTACT: 'ops@example.org',
      THROUGHLINE_PORTAL_API: `${server.origin}/w/api.php`,
    };
    const started = runHere(['start', '--no-sample'], settings, { interrupted: interruption.signal });
    try {
      await expect
        .poll(async () => (await sql`select text, state from event`.execute(own.db)).rows, { timeout: 20_000 })
        .toEqual([{ text: 'A bridge opens in Porto.', state: 'stable' }]);
      await expect
        .poll(async () => (await sql`select title from entity`.execute(own.db)).rows, { timeout: 20_000 })
        .toEqual([{ title: 'Porto' }]);
    } finally {
      interruption.abort(new Error('stopped'));
    }
    expect(await started).toMatchObject({
      code: 0,
      out: expect.stringMatching(/reading the portal as ops@example\.org/),
    });
    const asked = server.requests.flatMap(
      ({ url }) => new URL(url ?? '', server.origin).searchParams.get('titles')?.split('|') ?? [],
    );
    expect(asked.filter((title) => title === pageTitle(today))).toHaveLength(1);
    expect(asked).toHaveLength(8); // and the week before it
    await own.drop();
  });
});

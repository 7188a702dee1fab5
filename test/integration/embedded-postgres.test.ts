import { startEmbeddedPostgres } from '@throughline/runtime';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let directory: string;
const started: { stop: () => Promise<void> }[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'throughline-embedded-'));
  await chmod(directory, 0o755);
});
afterEach(async () => {
  for (const { stop } of started.splice(0)) await stop();
  await rm(directory, { recursive: true, force: true });
});

const log = { info() {} };
const start = async (dataDirectory = directory) => {
  const server = await startEmbeddedPostgres({ dataDirectory, log, durable: false });
  started.push(server);
  return server;
};
const data = (...names: string[]) => join(directory, 'postgres', 'data', ...names);
const isRoot = process.getuid?.() === 0;

describe('the embedded Postgres', () => {
  it('serves an empty UTF-8 database on loopback only, to who has the password', async () => {
    const { url, adopted } = await start();
    expect(adopted).toBe(false);
    expect(await rows(url, 'select current_database() as name, getdatabaseencoding() as encoding')).toEqual([
      { name: 'throughline', encoding: 'UTF8' },
    ]);
    expect(await rows(url, `select 'É' < 'é' as "byCodePoint", lower('É') as lower`)).toEqual([
      { byCodePoint: true, lower: 'é' },
    ]);
    expect(await rows(url, "select setting from pg_settings where name ~ '^(listen_addr|unix_socket_dir)'")).toEqual([
      { setting: '127.0.0.1' },
      { setting: '' },
    ]);
    const stranger = new URL(url);
    stranger.password = 'guess';
    await expect(rows(stranger.href, 'select 1')).rejects.toThrow(/password authentication failed/);
  });

  it('keeps its data and its address over a stop', async () => {
    const first = await start();
    await rows(first.url, "create table kept as select 'still here' as word");
    await first.stop();
    await first.stop(); // twice does no harm
    await expect(rows(first.url, 'select 1')).rejects.toThrow(/ECONNREFUSED/);
    const second = await start();
    expect(second).toMatchObject({ url: first.url, adopted: false });
    expect(await rows(second.url, 'select * from kept')).toEqual([{ word: 'still here' }]);
  });

  it('is joined by a second process, and stops with the last of them, whichever it is', async () => {
    const one = await startProcess();
    const two = await startProcess();
    expect([one.adopted, two.adopted]).toEqual([false, true]);
    expect(two.url).toBe(one.url);
    await one.end();
    expect(await rows(two.url, 'select 1 as n')).toEqual([{ n: 1 }]);
    await two.end();
    await expect(rows(two.url, 'select 1')).rejects.toThrow(/ECONNREFUSED/);
  });

  it('starts once when several processes ask for it at the same moment', async () => {
    const all = await Promise.all([startProcess(), startProcess(), startProcess()]);
    expect(new Set(all.map(({ url }) => url)).size).toBe(1);
    expect(all.filter(({ adopted }) => !adopted)).toHaveLength(1);
    expect(await rows(all[0].url, 'select 1 as n')).toEqual([{ n: 1 }]);
    await Promise.all(all.map(({ end }) => end()));
    await expect(rows(all[0].url, 'select 1')).rejects.toThrow(/ECONNREFUSED/);
    expect(await readdir(join(directory, 'postgres'))).toEqual(['data', 'users']); // no half-made files
  });

  it('is joined after its process was killed, and stopped by the one that joined', async () => {
    const victim = await startProcess();
    await rows(victim.url, 'create table kept as select 7 as n');
    await victim.kill();
    const heir = await start();
    expect(heir).toMatchObject({ url: victim.url, adopted: true });
    expect(await rows(heir.url, 'select * from kept')).toEqual([{ n: 7 }]);
    await heir.stop();
    await expect(rows(heir.url, 'select 1')).rejects.toThrow(/ECONNREFUSED/);
  });

  it('starts again after the server itself was killed', async () => {
    const victim = await startProcess({ durable: true });
    await rows(victim.url, 'create table kept as select 7 as n');
    process.kill(await postmaster(), 'SIGKILL');
    await victim.kill();
    await sleep(200);
    const next = await start();
    expect(await rows(next.url, 'select * from kept')).toEqual([{ n: 7 }]);
  });

  it('does not believe the note of a dead server whose process id is now another’s', async () => {
    const first = await start();
    await first.stop();
    const { pid } = process;
    await writeFile(data('postmaster.pid'), `${pid}\n${data()}\n1\n5432\n\n127.0.0.1\n\nready   \n`, { mode: 0o644 });
    const second = await start();
    expect(second.adopted).toBe(false);
    expect(await rows(second.url, 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  it('begins anew when the first start was killed half way', async () => {
    const half = join(directory, 'postgres', 'half-999999999-abc');
    await mkdir(half, { recursive: true });
    await writeFile(join(half, 'PG_VERSION'), '18\n');
    const { url } = await start();
    expect(await rows(url, 'select 1 as n')).toEqual([{ n: 1 }]);
    expect(await readdir(join(directory, 'postgres'))).not.toContain('half-999999999-abc');
  });

  it('keeps its hands off a directory that is something else', async () => {
    await mkdir(data(), { recursive: true });
    await writeFile(data('letter.txt'), 'Dear all');
    await expect(start()).rejects.toThrow(/is no Postgres data directory\. Move it away/);
    expect(await readFile(data('letter.txt'), 'utf8')).toBe('Dear all');
  });

  it('says what to do with the files of another version of Postgres', async () => {
    const { stop } = await start();
    await stop();
    await writeFile(data('PG_VERSION'), '12\n');
    await expect(start()).rejects.toThrow(/made by Postgres 12; this Throughline brings 18.*DATABASE_URL/);
  });

  it('passes on why Postgres does not start', async () => {
    const { stop } = await start();
    await stop();
    await writeFile(data('postgresql.auto.conf'), 'shared_buffers = nonsense\n');
    await expect(start()).rejects.toThrow(/^Postgres does not start: .*shared_buffers[^\n]*$/);
  });

  it('says in one line when the data directory cannot be made', async () => {
    await writeFile(join(directory, 'file'), '');
    for (const place of [join(directory, 'file'), join(directory, 'file', 'below'), '/proc/throughline']) {
      await expect(start(place)).rejects.toThrow(/^cannot use the data directory [^\n]*THROUGHLINE_DATA[^\n]*$/);
    }
  });

  it.runIf(isRoot)('says which directory the account of Postgres may not enter', async () => {
    const closed = join(directory, 'closed');
    await mkdir(closed, { mode: 0o700 });
    await expect(start(join(closed, 'data'))).rejects.toThrow(
      new RegExp(`may not enter ${closed}\\. Set THROUGHLINE_`),
    );
  });

  it.runIf(isRoot)('works under a umask that closes everything', async () => {
    const before = process.umask(0o077);
    try {
      const { url } = await start(join(directory, 'new', 'place'));
      expect(await rows(url, 'select 1 as n')).toEqual([{ n: 1 }]);
    } finally {
      process.umask(before);
    }
  });

  it.runIf(isRoot && canMount())('says that the disk is full, before and while it makes its files', async () => {
    for (const [limit, problem] of [
      ['size=1m', /^the disk is nearly full: \d+ MB free [^\n]*THROUGHLINE_DATA[^\n]*$/],
      [
        'nr_inodes=200',
        /^Postgres could not make its files [^\n]*the disk is full .*No space left[^\n]*THROUGHLINE_DATA$/,
      ],
    ] as const) {
      const disk = join(directory, limit);
      await mkdir(disk);
      execFileSync('mount', ['-t', 'tmpfs', '-o', `${limit},mode=755`, 'tmpfs', disk]);
      try {
        await expect(start(disk)).rejects.toThrow(problem);
        expect(await readdir(join(disk, 'postgres')).catch(() => [])).not.toContain('data');
      } finally {
        execFileSync('umount', [disk]);
      }
    }
  });
});

interface Running {
  url: string;
  adopted: boolean;
  /** Leaves the server in order. */
  end: () => Promise<void>;
  kill: () => Promise<void>;
}

async function startProcess({ durable = false } = {}): Promise<Running> {
  const script = fileURLToPath(new URL('../support/postgres-process.ts', import.meta.url));
  const options = ['--import', 'tsx', '--conditions=source', script, directory, ...(durable ? ['durable'] : [])];
  const child = spawn(process.execPath, options, { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data', { signal: AbortSignal.timeout(50_000) })) as [Buffer];
  const said = JSON.parse(line.toString()) as { url: string; adopted: boolean; error?: string };
  if (said.error) throw new Error(said.error);
  const exited = once(child, 'exit');
  const end = async () => {
    child.stdin.end();
    await exited;
  };
  const kill = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  started.push({ stop: () => (child.exitCode === null && child.signalCode === null ? end() : Promise.resolve()) });
  return { url: said.url, adopted: said.adopted, end, kill };
}

async function rows(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

const postmaster = async () => Number((await readFile(data('postmaster.pid'), 'utf8')).split('\n')[0]);

function canMount(): boolean {
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

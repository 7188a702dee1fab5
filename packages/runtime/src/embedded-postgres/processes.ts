import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { platform } from 'node:os';

/** Whose process a command runs as: the ids of another account, or null for our own. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

/** How a command ended; `code` is null when it could not be started at all. */
export interface Ran {
  code: number | null;
  output: string;
  error: NodeJS.ErrnoException | null;
}

/** Runs a program to its end, as `account`; never throws. Its stdout and stderr come together. */
export function run(file: string, args: readonly string[], account: Account | null = null): Promise<Ran> {
  const identity = account ? { uid: account.uid, gid: account.gid } : {};
  const options = { ...identity, cwd: '/', windowsHide: true, maxBuffer: 16 * 1024 * 1024 };
  return new Promise((resolve) => {
    const done = (error: Error | null, stdout: string, stderr: string) => {
      const { code } = (error ?? { code: 0 }) as { code?: number | string };
      const exit = typeof code === 'number' ? code : null;
      resolve({ code: exit, output: `${stdout}${stderr}`.trim(), error: exit === null ? error : null });
    };
    try {
      execFile(file, args, options, done);
    } catch (error) {
      done(error as Error, '', ''); // EACCES and EPERM of the identity are thrown at once
    }
  });
}

/** Whether there is a process with this id, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When a process began, in whatever words the system has for it: together with the id it names one process for ever. */
export async function startOf(pid: number): Promise<string> {
  if (platform() === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? '' : (fields[19] ?? ''); // field 22 of proc(5), counted after the name
  }
  if (platform() === 'win32') return isAlive(pid) ? 'alive' : '';
  return (await run('ps', ['-o', 'lstart=', '-p', String(pid)])).output;
}

/** Whether a process is a Postgres server (ids are used again after a restart of the machine). */
export async function isPostgres(pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (platform() === 'linux') {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return /(^|\/)postgres(:|$)/.test(command.split('\0')[0] ?? ''); // empty for a zombie
  }
  if (platform() === 'win32') return true;
  return (await run('ps', ['-o', 'comm=', '-p', String(pid)])).output.includes('postgres');
}

/** Whether any process works in `directory`: each one of Postgres has its data directory as working directory. */
export async function isWorkedIn(directory: string): Promise<boolean> {
  if (platform() !== 'linux') return false;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const places = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')));
  return places.includes(directory);
}

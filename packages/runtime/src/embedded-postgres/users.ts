import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startOf } from './processes.ts';

/**
 * Who uses the server: one small file for each, named after its process. The
 * last one to leave stops the server, so a process that was killed leaves no
 * server behind for ever, and no process loses the server to another that ends.
 *
 * Each side writes its own file before it looks for the other's: either the
 * leaving process sees the coming one, or the coming one sees it stop.
 */
export interface Users {
  leave(stop: () => Promise<void>): Promise<void>;
}

let serial = 0;

export async function joinUsers(directory: string): Promise<Users> {
  await mkdir(directory, { recursive: true });
  const identity = `${process.pid} ${await startOf(process.pid)}`;
  const own = join(directory, `${process.pid}-${(serial += 1)}`);
  await writeFile(own, identity);
  await whileStopped(directory);
  return {
    async leave(stop) {
      const stopping = join(directory, 'stopping');
      await writeFile(stopping, identity).catch(() => {}); // a full or vanished disk must not keep the server running
      await rm(own, { force: true });
      try {
        if (!(await anyoneIn(directory))) await stop();
      } finally {
        await rm(stopping, { force: true });
      }
    },
  };
}

const STOP_MS = 90_000;

async function whileStopped(directory: string): Promise<void> {
  const until = Date.now() + STOP_MS;
  while (Date.now() < until && (await isLive(join(directory, 'stopping')))) await sleep(50);
}

async function anyoneIn(directory: string): Promise<boolean> {
  for (const name of await readdir(directory).catch(() => [])) {
    if (name === 'stopping') continue;
    if (await isLive(join(directory, name))) return true;
    await rm(join(directory, name), { force: true });
  }
  return false;
}

async function isLive(file: string): Promise<boolean> {
  const identity = await readFile(file, 'utf8').catch(() => '');
  const [pid = '', ...start] = identity.split(' ');
  return pid !== '' && start.join(' ') !== '' && (await startOf(Number(pid))) === start.join(' ');
}

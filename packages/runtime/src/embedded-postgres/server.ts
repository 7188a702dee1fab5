import { chmod, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { complaint, SETTINGS_FILE, type Cluster } from './cluster.ts';
import { isPostgres, isWorkedIn, isAlive, run } from './processes.ts';
import { settings } from './settings.ts';

/** What the files say of a server: none, one that serves, or one that is on its way up or down. */
export type ServerState = { kind: 'none' } | { kind: 'ready'; port: number } | { kind: 'busy'; doing: string };

/** Looks for a server on these files. Its own note (`postmaster.pid`) may be of one that was killed long ago. */
export async function serverState({ data }: Cluster): Promise<ServerState> {
  const note = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  const [pid = '', , , port = '', , , , status = ''] = note.split('\n').map((line) => line.trim());
  if (!/^\d+$/.test(pid) || !(await isPostgres(Number(pid)))) return { kind: 'none' };
  return status === 'ready' && port !== '' ? { kind: 'ready', port: Number(port) } : { kind: 'busy', doing: status };
}

/**
 * Postgres throws away the note of a dead server by itself, but believes it
 * when the process id now belongs to something else. Nothing is removed while
 * any process still works in the data directory.
 */
async function removeStaleNote({ data }: Cluster): Promise<void> {
  const file = join(data, 'postmaster.pid');
  const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid) || (await isPostgres(pid))) return;
  if (!(await isWorkedIn(data))) await rm(file, { force: true });
}

const START_SECONDS = 60;

/** Starts a server. Returns its port, or what Postgres complained of. */
export async function startServer(cluster: Cluster, durable: boolean): Promise<{ port: number } | { failed: string }> {
  const { data, account, binaries } = cluster;
  await removeStaleNote(cluster);
  const port = await freePort(await lastPort(cluster));
  const settingsFile = join(data, SETTINGS_FILE);
  await writeFile(settingsFile, settings({ port, durable }));
  await chmod(settingsFile, 0o644); // root writes it, the account reads it, whatever the umask
  const logFile = join(data, 'throughline.log');
  const from = await rotated(logFile);
  const options = ['start', '-D', data, '-l', logFile, '-w', '-t', String(START_SECONDS), '-s'];
  const started = await run(binaries.pgCtl, options, account);
  if (started.code === 0) return { port };
  const said = (await readFile(logFile).catch(() => Buffer.alloc(0))).subarray(from).toString();
  return { failed: complaint({ ...started, output: `${started.output}\n${said}` }) };
}

/** Stops a server: its clients are cut off, what was committed is kept. */
export async function stopServer({ data, account, binaries }: Cluster): Promise<void> {
  const stop = (mode: string) => run(binaries.pgCtl, ['stop', '-D', data, '-m', mode, '-w', '-t', '30', '-s'], account);
  if ((await stop('fast')).code !== 0) await stop('immediate');
}

const MAX_LOG_BYTES = 5 * 1024 * 1024;

/** Starts a new log when the old one is long. Returns where what comes now will begin. */
async function rotated(logFile: string): Promise<number> {
  const size = (await stat(logFile).catch(() => null))?.size ?? 0;
  if (size <= MAX_LOG_BYTES) return size;
  await rename(logFile, `${logFile}.old`);
  return 0;
}

async function lastPort({ data }: Cluster): Promise<number> {
  const text = await readFile(join(data, SETTINGS_FILE), 'utf8').catch(() => '');
  return Number(/^port = (\d+)$/m.exec(text)?.[1] ?? 0);
}

/** The wanted port if it is free (so that a noted URL stays good), or any. */
async function freePort(wanted: number): Promise<number> {
  return (await tryPort(wanted)) ?? (await tryPort(0)) ?? wanted;
}

function tryPort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(null));
    probe.listen(port, '127.0.0.1', () => {
      const { port: found } = probe.address() as AddressInfo;
      probe.close(() => resolve(found));
    });
  });
}

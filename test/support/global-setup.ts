import { access, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the one Postgres of a test run keeps its files; the first test that needs it starts it. */
    postgresDirectory: string;
  }
}

const PREFIX = 'throughline-test-';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeLeftovers();
  const directory = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  project.provide('postgresDirectory', directory);
  return () => remove(directory);
}

/** Of runs that were killed. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1] ?? 0);
    if (pid > 0 && !isAlive(pid)) await remove(join(tmpdir(), name)).catch(() => {});
  }
}

async function remove(directory: string): Promise<void> {
  const started = await access(join(directory, 'postgres', 'data', 'postmaster.pid')).then(
    () => true,
    () => false,
  );
  if (started) {
    await rm(join(directory, 'postgres', 'users'), { recursive: true, force: true }); // the tests are over
    // Only when it is needed; and by its path, as nothing may be built yet and no condition applies out here.
    const { startEmbeddedPostgres } = await import('../../packages/runtime/src/embedded-postgres/start.ts');
    const log = { info() {} };
    const server = await startEmbeddedPostgres({ dataDirectory: directory, log, durable: false });
    await server.stop();
  }
  await rm(directory, { recursive: true, force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

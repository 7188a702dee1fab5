import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Day } from '@throughline/core';
import { controlStore, runStore } from '@throughline/db';
import { askedFor, scheduledJobs } from '@throughline/pipeline';
import { testDatabase } from '@throughline/test';
import { portalPage, reader } from '@throughline/test/record';
import { stationOn } from '@throughline/test/station';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportStage } from '../../services/cli/src/export/export-stage.ts';
import type { Terminal } from '../../services/cli/src/terminal.ts';

const terminal: Terminal = {
  version: '1.2.3',
  out() {},
  error() {},
  progress: { write: () => true },
  interrupted: new AbortController().signal,
  exitCode: 0,
};

let out: string;
let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'export-'));
  database = await testDatabase();
  await reader(database.db)({
    day: Day.parse('2018-01-01'),
    wikitext: portalPage(['One thing happens in [[Norway]].']),
  });
});
afterAll(async () => {
  await database.drop();
  await rm(out, { recursive: true, force: true });
});

async function exported(directory: string | undefined, signal = AbortSignal.timeout(30_000)) {
  const { context, close } = await stationOn(database.db);
  const stage = exportStage(
    database,
    { ...(directory && { exportDirectory: directory }), publicUrl: 'https://news.example' },
    terminal,
  );
  try {
    return await stage.run({}, context, signal, signal);
  } finally {
    await close();
  }
}

describe('an export by a worker', () => {
  it('is a whole snapshot where the settings say, and a run', async () => {
    expect(await exported(out)).toMatchObject({ kind: 'done' });
    const manifest = JSON.parse(await readFile(join(out, 'snapshot', 'manifest.json'), 'utf8')) as {
      version: string;
      url: string;
      files: Record<string, { records?: number }>;
    };
    expect(manifest).toMatchObject({ version: '1.2.3', url: 'https://news.example' });
    expect(manifest.files['events.ndjson']?.records).toBe(1);
    expect(await runStore(database.db).lastOf('export snapshot')).toMatchObject({
      state: 'done',
      finished: 1,
      total: 1,
    });
  });

  it('is left out where no directory is named, or another one is under way', async () => {
    expect(await exported(undefined)).toMatchObject({
      kind: 'skipped',
      reason: expect.stringContaining('THROUGHLINE_EXPORT'),
    });
    await runStore(database.db).hold('export snapshot', {}, null, async (id) => {
      expect(await exported(out)).toMatchObject({
        kind: 'skipped',
        reason: expect.stringContaining('another export snapshot is running'),
      });
      await runStore(database.db).end(id, 'done', {});
    });
  });

  it('says in the log of jobs what cannot be written', async () => {
    expect(await exported(join(out, 'snapshot', 'events.ndjson'))).toMatchObject({
      kind: 'skipped',
      reason: expect.stringContaining('events.ndjson'),
    });
  });

  it('is off until somebody wants it, and can be asked for', async () => {
    const controls = controlStore(database.db);
    await controls.know(scheduledJobs());
    expect((await controls.schedules()).find(({ name }) => name === 'export')).toMatchObject({
      enabled: false,
      optional: true,
    });
    expect(askedFor('export')).toMatchObject({ job: 'export', key: 'export' });
  });
});

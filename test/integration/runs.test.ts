import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dayOfInstant } from '@throughline/core';
import { controlStore, runStore } from '@throughline/db';
import { scheduledJobs } from '@throughline/pipeline';
import { testDatabase } from '@throughline/test';
import { portalPage } from '@throughline/test/record';
import { runHere } from '@throughline/test/terminal';
import { afterAll, describe, expect, it } from 'vitest';

const DAYS = 1_000;

const database = await testDatabase();
const runs = runStore(database.db);
const files = await mkdtemp(join(tmpdir(), 'throughline-runs-'));
const env = { DATABASE_URL: database.url, THROUGHLINE_DATA: join(files, 'data') };
const throughline = (...args: string[]) => runHere(args, env);
afterAll(async () => {
  await database.drop();
  await rm(files, { recursive: true, force: true });
});

async function manyDays(): Promise<string[]> {
  const paths = Array.from({ length: DAYS }, async (_, at) => {
    const day = dayOfInstant(Date.UTC(2001, 0, 1 + at));
    const path = join(files, `${day}.wiki`);
    await writeFile(
      path,
      portalPage([`A thing happens on ${day} in [[Lesotho]]. [http://example.org/${day} (Paper)]`]),
    );
    return path;
  });
  return Promise.all(paths);
}

/** The import that is under way. */
async function underWay() {
  for (;;) {
    const run = await runs.lastOf('import');
    if (run?.state === 'running') return run;
    await sleep(20);
  }
}

describe('a run', () => {
  it('pauses, goes on and stops when somebody says so, and loses nothing', { timeout: 180_000 }, async () => {
    await manyDays();
    let said = '';
    const importing = runHere(['import', '--no-enrich', files], env, { heard: (text) => (said += text) });
    const { id, startedBy, arguments: told } = await underWay();
    expect(startedBy).toMatch(/^.+@.+$/);
    expect(told).toMatchObject({ paths: [files] });

    expect(await throughline('runs', 'pause', String(id))).toMatchObject({
      code: 0,
      out: `run ${id} pauses within seconds\n`,
    });
    while (!said.includes(`run ${id} is paused`)) await sleep(50);
    await sleep(500); // the batch in hand
    const paused = await runs.lastOf('import');
    expect(paused).toMatchObject({ id, state: 'running', asked: 'pause', askedBy: 'the command line' });
    expect(paused?.finished).toBeLessThan(DAYS);
    expect((await throughline('import', files)).error).toContain('another import is running');
    expect((await throughline('runs')).out).toMatch(
      new RegExp(`^${id}  import  paused  ${paused?.finished} of ${DAYS}`),
    );
    await sleep(2_500);
    expect((await runs.lastOf('import'))?.finished).toBe(paused?.finished);

    await throughline('runs', 'resume', String(id));
    while (((await runs.lastOf('import'))?.finished ?? 0) === paused?.finished) await sleep(50);
    await throughline('runs', 'stop', String(id));
    const { code, out } = await importing;
    const last = await runs.lastOf('import');
    if (last?.finished === DAYS) return expect(code).toBe(0); // it was done before it heard
    expect(code).toBe(130);
    expect(out).toContain('days left: call it again to go on');
    expect(last).toMatchObject({ id, state: 'stopped', failure: null });

    expect(await throughline('import', '--no-enrich', files)).toMatchObject({ code: 0 });
    expect(await runs.lastOf('import')).toMatchObject({ state: 'done', finished: DAYS });
  });

  it('that is over, or never was, can be asked nothing', async () => {
    for (const id of ['999', 'x']) {
      expect(await throughline('runs', 'stop', id)).toMatchObject({
        code: 1,
        error: expect.stringContaining(`no run ${id} is under way: \`throughline runs\` lists them`),
      });
    }
  });
});

describe('schedules', () => {
  it('are listed, switched, set and run from the command line', async () => {
    const controls = controlStore(database.db);
    await controls.know(scheduledJobs());
    expect((await throughline('schedules')).out).toContain('sweep  every 15 seconds, not done yet, next now\n');
    await throughline('schedules', 'off', 'sweep');
    expect((await throughline('schedules')).out).toContain('sweep  every 15 seconds, not done yet, switched off\n');
    await throughline('schedules', 'on', 'sweep');
    expect(await throughline('schedules', 'every', 'sweep', '60')).toMatchObject({ code: 0 });
    expect((await throughline('schedules')).out).toContain('sweep  every 1 minute, not done yet, next now\n');
    expect(await throughline('schedules', 'run', 'sweep')).toMatchObject({
      code: 0,
      out: 'a running worker does sweep now\n',
    });
  });

  it.each([
    [['every', 'sweep', 'soon'], /“soon” is no number of seconds/],
    [['every', 'sweep', '0'], /“0” is no number of seconds/],
    [['off', 'nothing'], /there is no schedule nothing/],
    [['run', 'nothing'], /there is no schedule nothing/],
  ])('say what is wrong with %j', async (args, problem) => {
    const ran = await throughline('schedules', ...args);
    expect(ran.code).toBe(1);
    expect(ran.error).toMatch(problem);
  });
});

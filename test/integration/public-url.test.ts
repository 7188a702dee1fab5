import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../../services/cli/src/program.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

/** Runs a command that serves the site until `use` is done with what it answers at its front page. */
async function frontPageOf(command: string[], env: Record<string, string>): Promise<string> {
  const interruption = new AbortController();
  let said = '';
  const ended = run(command, {
    env: { DATABASE_URL: database.url, PORT: '0', LOG_LEVEL: 'silent', ...env },
    version: '0',
    out: (text) => (said += text),
    error: (text) => (said += text),
    progress: process.stderr,
    interrupted: interruption.signal,
    exitCode: 0,
  });
  try {
    const address = /http:\/\/127\.0\.0\.1:\d+\//;
    for (let tries = 0; !address.test(said) && tries < 600; tries++) await sleep(50);
    return await fetch(address.exec(said)?.[0] ?? said).then((response) => response.text());
  } finally {
    interruption.abort();
    expect(await ended).toBe(0);
  }
}

it.each([[['web']], [['start', '--no-sample']]])('%j tells readers the address of PUBLIC_URL', async (command) => {
  expect(await frontPageOf(command, { PUBLIC_URL: 'https://news.example' })).toContain(
    '<link rel="canonical" href="https://news.example/index.html"/>',
  );
});

it('tells readers the address that it listens on without one', async () => {
  expect(await frontPageOf(['web'], {})).toMatch(
    /<link rel="canonical" href="http:\/\/127\.0\.0\.1:\d+\/index.html"\/>/,
  );
});

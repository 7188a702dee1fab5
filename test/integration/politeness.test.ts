import { testDatabase } from '@throughline/test';
import { afterAll, expect, it } from 'vitest';
import { simulate } from '../support/politeness/simulate.ts';

const database = await testDatabase();
afterAll(() => database.drop());

// The whole of it, with every kind of host and both queues, is test/faults/politeness.test.ts.
it('a few hosts see no request over a limit from two worker processes, and every URL gets its verdict', async () => {
  const seen = await simulate({
    db: database.db,
    databaseUrl: database.url,
    queueUrl: database.url,
    workers: 2,
    short: true,
  });
  expect(seen).toMatchObject({ violations: [], intrusions: 0, wrong: [], failures: [] });
  for (const megabytes of seen.megabytes) expect(megabytes).toBeLessThan(600);
}, 180_000);

import { testDatabase, testRedis, type TestRedis } from '@throughline/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulate } from '../support/politeness/simulate.ts';

/** Every kind of host that there is out there, weeks of them, and as many workers as somebody may run. */
let redis: TestRedis | null = null;
beforeAll(async () => {
  redis = await testRedis();
});
afterAll(() => redis?.stop());

const MOST_MEGABYTES = 600;

describe.each(['Postgres', 'Redis'])('with the queue in %s', (store) => {
  it.each([1, 2, 4])(
    '%i worker processes keep to every limit, reach nothing forbidden, stay small, and give every URL its verdict',
    async (workers) => {
      if (store === 'Redis' && !redis) {
        if (process.env['REQUIRE_ALL']) throw new Error('no redis-server here, and REQUIRE_ALL is set');
        return console.warn('left out: there is no redis-server here');
      }
      await using database = await testDatabase();
      const queueUrl = store === 'Redis' && redis ? `${redis.url}/${workers}` : database.url;
      const seen = await simulate({ db: database.db, databaseUrl: database.url, queueUrl, workers });
      console.log(store, seen);
      expect(seen).toMatchObject({ violations: [], intrusions: 0, wrong: [], failures: [] });
      expect(seen.hosts).toBeGreaterThanOrEqual(40);
      expect(seen.megabytes).toHaveLength(workers);
      for (const megabytes of seen.megabytes) expect(megabytes).toBeLessThan(MOST_MEGABYTES);
    },
    600_000,
  );
});

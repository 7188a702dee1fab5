import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const sources = {
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'], externalConditions: ['source'] } },
};
/** Property tests draw the same examples in every run. */
const setupFiles = ['test/support/property-seed.ts'];
const slow = { testTimeout: 60_000, hookTimeout: 60_000 };

// What kills, restarts and fills things: `npm run faults` runs it alone; some of it is part of the integration tests too.
const faults = process.argv.includes('faults')
  ? [
      {
        ...sources,
        test: {
          name: 'faults',
          setupFiles,
          include: [
            'test/integration/{embedded-postgres,queue-restart,fetch-bombs,start}.test.ts',
            'test/faults/**/*.test.ts',
          ],
          ...slow,
          testTimeout: 300_000,
        },
      },
    ]
  : [];

export default defineConfig({
  ...sources,
  test: {
    // Most tests wait for databases, browsers and clocks more than they compute.
    maxWorkers: Math.max(3, availableParallelism()),
    globalSetup: 'test/support/global-setup.ts',
    projects: [
      {
        ...sources,
        test: {
          name: 'unit',
          setupFiles,
          testTimeout: 30_000, // a busy machine is no failure; a hang still is one
          hookTimeout: 60_000,
          include: [
            '{packages,services}/*/src/**/*.test.{ts,tsx}',
            'test/contracts/**/*.test.ts',
            'test/golden/**/*.test.ts',
            'test/*.test.ts',
          ],
        },
      },
      { ...sources, test: { name: 'integration', setupFiles, include: ['test/integration/**/*.test.ts'], ...slow } },
      { ...sources, test: { name: 'browser', include: ['test/browser/**/*.test.ts'], ...slow } },
      ...faults,
    ],
  },
});

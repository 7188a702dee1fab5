import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineJob, request } from './job.ts';

const job = defineJob({
  name: 'capture',
  payload: z.object({ host: z.string().toLowerCase() }),
  key: ({ host }) => host,
  attempts: 2,
});

describe('defineJob', () => {
  it('fills in a policy that can be overridden', () => {
    expect(job).toMatchObject({ attempts: 2, backoffMs: 1_000, concurrency: 4, timeoutMs: 30_000, maxSnoozes: 100 });
  });

  it('wants a name that can be a queue, a label and a row', () => {
    for (const name of ['', 'a:b', 'Capture', 'two words', '-x']) {
      expect(() => defineJob({ name, payload: z.null(), key: () => '' })).toThrow(/not a job name/);
    }
  });
});

describe('request', () => {
  it('is plain data: the parsed payload, and the key of that', () => {
    expect(request(job, { host: 'Example.ORG\0' })).toEqual({
      job: 'capture',
      key: 'example.org',
      payload: { host: 'example.org' },
    });
    expect(request(job, { host: 'a' }, { delayMs: 50 })).toMatchObject({ delayMs: 50 });
  });

  it('throws for a payload of the wrong shape', () => {
    expect(() => request(job, { hst: 'a' } as unknown as { host: string })).toThrow(z.ZodError);
  });
});

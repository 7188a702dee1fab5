import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Prepared } from './answer.ts';
import { joined, pageCache } from './page-cache.ts';

const aPage = (bytes: number): Prepared => ({
  status: 200,
  headers: {},
  etag: `"${bytes}"`,
  bytes: new Uint8Array(bytes),
});

/** A cache over a revision that the test sets, with a count of the pages made. */
function counted(options: Parameters<typeof pageCache>[1] = {}) {
  const state = { revision: 1, made: 0 };
  const cache = pageCache(async () => state.revision, options);
  const get = (key: string, bytes = 10) =>
    cache(key, async () => {
      state.made++;
      return aPage(bytes);
    });
  return { state, get, cache };
}

describe('the page cache', () => {
  it('makes a page once while nothing changes, and again once something did', async () => {
    const { state, get } = counted();
    await get('/a');
    await get('/a');
    expect(state.made).toBe(1);
    state.revision = 2;
    await get('/a');
    await get('/a');
    expect(state.made).toBe(2);
  });

  it('does not take a page for current that was begun before a change and done after it', async () => {
    const { state, cache, get } = counted();
    await cache('/a', async () => {
      state.revision = 2;
      return aPage(10);
    });
    await get('/a');
    expect(state.made).toBe(1);
  });

  it('drops the page that was longest not asked for when there are too many, and keeps none that is too large', async () => {
    const { state, get } = counted({ maxBytes: 11 * 2_048 });
    for (const key of ['/0', '/1', '/2', '/3', '/4', '/5', '/6', '/7', '/8', '/9', '/10', '/0', '/new'])
      await get(key, 1_024);
    expect(state.made).toBe(12);
    await get('/0', 1_024);
    expect(state.made).toBe(12);
    await get('/1', 1_024);
    expect(state.made).toBe(13);
    await get('/large', 1_000_000);
    await get('/large', 1_000_000);
    expect(state.made).toBe(15);
  });

  it('makes a page anew when it is old, changed or not', async () => {
    const { state, get } = counted({ maxAgeMs: 0 });
    await get('/a');
    await get('/a');
    expect(state.made).toBe(2);
  });

  it('keeps nothing that is no page, and nothing that failed', async () => {
    const { state, cache, get } = counted();
    expect(await cache('/a', async () => 'moved')).toBe('moved');
    await expect(cache('/a', async () => Promise.reject(new Error('down')))).rejects.toThrow('down');
    await get('/a');
    expect(state.made).toBe(1);
  });
});

describe('a joined question', () => {
  it('is asked far less often than by each alone, and never answers what was true before it was asked', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(3), { maxLength: 30 }), async (pauses) => {
        let truth = 0;
        let asked = 0;
        const ask = joined(async () => {
          asked++;
          const seen = truth;
          await Promise.resolve();
          return seen;
        });
        const answers: Promise<{ before: number; answer: number }>[] = [];
        for (const pause of pauses) {
          const before = ++truth;
          answers.push(ask().then((answer) => ({ before, answer })));
          for (let tick = 0; tick < pause; tick++) await Promise.resolve();
        }
        for (const { before, answer } of await Promise.all(answers)) expect(answer).toBeGreaterThanOrEqual(before);
        expect(asked).toBeLessThanOrEqual(pauses.length);
      }),
    );
  });

  it('is asked twice for fifty who ask at once', async () => {
    let asked = 0;
    const ask = joined(async () => ++asked);
    await Promise.all(Array.from({ length: 50 }, ask));
    expect(asked).toBe(2);
  });

  it('is asked again after it failed', async () => {
    let asked = 0;
    const ask = joined(async () => {
      if (++asked < 3) throw new Error('down');
      return asked;
    });
    const both = await Promise.allSettled([ask(), ask()]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await ask()).toBe(3);
  });
});

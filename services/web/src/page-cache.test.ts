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

/** A cache over changes that the test makes, with a count of the pages made. */
function counted(options: Parameters<typeof pageCache>[1] = {}) {
  const state = { seq: 1, touched: undefined as string[] | undefined, made: 0 };
  const cache = pageCache(async (after) => {
    if (after === state.seq || !state.touched) return { seq: state.seq, ...(after === state.seq && { touched: [] }) };
    return { seq: state.seq, touched: state.touched };
  }, options);
  const get = (key: string, { bytes = 10, shows }: { bytes?: number; shows?: string[] } = {}) =>
    cache.page(key, async () => {
      state.made++;
      return { prepared: aPage(bytes), ...(shows && { shows }) };
    });
  const change = (...touched: string[]): void => {
    state.seq++;
    state.touched = touched;
  };
  return { state, get, cache, change };
}

describe('the page cache', () => {
  it('makes a page once while nothing changes, and again once something did', async () => {
    const { state, get, change } = counted();
    await get('/a');
    await get('/a');
    expect(state.made).toBe(1);
    change('event 1');
    await get('/a');
    await get('/a');
    expect(state.made).toBe(2);
  });

  it('keeps a page through changes of what it does not show, and no page through more changes than are told', async () => {
    const { state, get, change } = counted();
    const one = { shows: ['event 1', 'event 2'] };
    const other = { shows: ['event 3'] };
    await get('/one', one);
    await get('/other', other);
    change('event 2', 'day 2017-01-30');
    await get('/one', one);
    await get('/other', other);
    expect(state.made).toBe(3);
    change();
    state.touched = undefined;
    await get('/other', other);
    expect(state.made).toBe(4);
  });

  it('gives the page of the last change of what it shows, whatever the order of changes and requests', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.boolean(), fc.nat(3)), { maxLength: 60 }), async (acts) => {
        const versions = [0, 0, 0, 0];
        const { cache, change } = counted();
        for (const [isChange, thing] of acts) {
          if (isChange) {
            versions[thing] = (versions[thing] ?? 0) + 1;
            change(`event ${thing}`);
          }
          const shown = thing % 2 === 0 ? [thing, thing + 1] : [thing];
          const version = (): string => shown.map((one) => versions[one]).join();
          const page = await cache.page<never>(`/${thing}`, async () => ({
            prepared: { ...aPage(1), etag: version() },
            shows: shown.map((one) => `event ${one}`),
          }));
          expect(page.etag).toBe(version());
        }
      }),
    );
  });

  it('is asked once for fifty who want the same page at once', async () => {
    const { state, get } = counted();
    await Promise.all(Array.from({ length: 50 }, () => get('/a')));
    expect(state.made).toBeLessThanOrEqual(2);
  });

  it('does not keep a page that was begun before a change and done after it', async () => {
    const { state, cache, get, change } = counted();
    await cache.page('/a', async () => {
      change('event 1');
      return { prepared: aPage(10), shows: ['event 1'] };
    });
    await get('/a');
    expect(state.made).toBe(1);
  });

  it('drops the page that was longest not asked for when there are too many, and keeps none that is too large', async () => {
    const { state, get } = counted({ maxBytes: 11 * 2_200 });
    const bytes = 1_024;
    for (const key of ['/0', '/1', '/2', '/3', '/4', '/5', '/6', '/7', '/8', '/9', '/10', '/0', '/new'])
      await get(key, { bytes });
    expect(state.made).toBe(12);
    await get('/0', { bytes });
    expect(state.made).toBe(12);
    await get('/1', { bytes });
    expect(state.made).toBe(13);
    await get('/large', { bytes: 1_000_000 });
    await get('/large', { bytes: 1_000_000 });
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
    expect(await cache.page('/a', async () => ({ to: '/b' }))).toEqual({ to: '/b' });
    await expect(cache.page('/a', async () => Promise.reject(new Error('down')))).rejects.toThrow('down');
    await get('/a');
    expect(state.made).toBe(1);
    expect([cache.has('/a'), cache.has('/b')]).toEqual([true, false]);
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

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leastTimeMs } from './budget.ts';
import type { Fetched } from './fetched.ts';
import { isHostDown, nextTryAt, paceOf, turnAfter, type HostTurn } from './host-turn.ts';

const NOW = Date.parse('2018-01-09T11:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const trail = { url: 'https://example.org/a', finalUrl: 'https://example.org/a', redirects: [] };
const answered = (status: number) => ({ ...trail, status, headers: {} });
const ok: Fetched = { kind: 'ok', ...answered(200), body: new Uint8Array(), contentType: 'text/html' };
const gone: Fetched = { kind: 'gone', ...answered(404), reason: 'status 404' };
const forbidden: Fetched = { kind: 'blocked', ...answered(403), reason: 'status 403' };
const tooMany = (retryAfterMs?: number): Fetched => ({
  kind: 'blocked',
  ...answered(429),
  reason: 'status 429',
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});
const unreachable = (reason: 'dns' | 'timeout' | 'reset' | 'server-error', status?: number): Fetched => ({
  kind: 'unreachable',
  ...trail,
  ...(status !== undefined && { status, headers: {} }),
  reason,
  detail: reason,
});
const refused = (reason: 'robots' | 'guard' | 'redirect-loop'): Fetched => ({
  kind: 'refused',
  ...trail,
  reason,
  detail: reason,
});

const aHost = (changes: Partial<HostTurn> = {}): HostTurn => ({
  name: 'www.example.org',
  paceMs: 1_000,
  nextTurnAt: NOW,
  backoff: 0,
  retryAfterAt: null,
  crawlDelayMs: null,
  ...changes,
});

const anyFetched = fc.oneof(
  fc.constantFrom(
    ok,
    gone,
    forbidden,
    unreachable('dns'),
    unreachable('timeout'),
    unreachable('server-error', 503),
    refused('robots'),
  ),
  fc.nat(90 * DAY).map(tooMany),
);

describe('turnAfter', () => {
  it('keeps a second between requests, or what robots.txt asks', () => {
    expect(turnAfter(aHost(), ok, NOW).nextTurnAt).toBe(NOW + 1_000);
    expect(turnAfter(aHost({ crawlDelayMs: 10_000 }), gone, NOW).nextTurnAt).toBe(NOW + 10_000);
    expect(turnAfter(aHost({ paceMs: 5_000, crawlDelayMs: 2_000 }), ok, NOW).nextTurnAt).toBe(NOW + 5_000);
  });

  it('obeys Retry-After, for a day at most', () => {
    expect(turnAfter(aHost(), tooMany(3 * HOUR), NOW)).toMatchObject({
      nextTurnAt: NOW + 3 * HOUR,
      retryAfterAt: NOW + 3 * HOUR,
      backoff: 1,
    });
    expect(turnAfter(aHost(), tooMany(365 * DAY), NOW).nextTurnAt).toBe(NOW + DAY);
  });

  it('waits twice as long after each failure in a row, six hours at most, and forgets them after an answer', () => {
    let host = aHost();
    const waits: number[] = [];
    for (let round = 0; round < 14; round++) {
      host = turnAfter(host, unreachable('timeout'), NOW);
      waits.push((host.nextTurnAt - NOW) / 1_000);
    }
    expect(waits.slice(0, 4)).toEqual([30, 60, 120, 240]);
    expect(waits.at(-1)).toBe(6 * 3_600);
    expect(turnAfter(host, gone, NOW)).toMatchObject({ backoff: 0, nextTurnAt: NOW + 1_000, retryAfterAt: null });
  });

  it('slows down for a host that turns us away, but less than for one that is down', () => {
    const wait = (fetched: Fetched) => turnAfter(aHost(), fetched, NOW).nextTurnAt - NOW;
    expect(wait(forbidden)).toBeGreaterThan(1_000);
    expect(wait(forbidden)).toBeLessThan(wait(unreachable('dns')));
  });

  it('stops asking the Internet Archive for an hour at its first 429', () => {
    const archive = aHost({ name: 'web.archive.org' });
    expect(turnAfter(archive, ok, NOW).nextTurnAt).toBe(NOW + 2_500);
    expect(turnAfter(archive, tooMany(), NOW).nextTurnAt).toBe(NOW + HOUR);
  });

  it('never gives a turn before the pace, Crawl-delay or Retry-After allow, however it went before', () => {
    fc.assert(
      fc.property(fc.array(anyFetched, { minLength: 1 }), fc.nat(60_000), (story, crawlDelayMs) => {
        let host = aHost({ crawlDelayMs });
        for (const fetched of story) {
          host = turnAfter(host, fetched, NOW);
          const asked = 'retryAfterMs' in fetched ? Math.min(fetched.retryAfterMs ?? 0, DAY) : 0;
          expect(host.nextTurnAt).toBeGreaterThanOrEqual(NOW + Math.max(paceOf(host), asked));
          expect(host.nextTurnAt).toBeLessThanOrEqual(NOW + DAY);
        }
      }),
    );
  });
});

describe('nextTryAt', () => {
  it('is never for what was captured, is gone, or is nothing we fetch', () => {
    for (const fetched of [ok, gone, refused('guard')]) expect(nextTryAt(fetched, 1, NOW)).toBeNull();
  });

  it('goes on for weeks for a page that cannot be reached, then stops', () => {
    let at = NOW;
    let attempts = 1;
    for (
      let next = nextTryAt(unreachable('timeout'), attempts, at);
      next !== null;
      next = nextTryAt(unreachable('timeout'), ++attempts, at)
    ) {
      expect(next).toBeGreaterThan(at);
      at = next;
    }
    expect((at - NOW) / DAY).toBeGreaterThan(14);
    expect((at - NOW) / DAY).toBeLessThan(42);
    expect(attempts).toBeLessThan(12);
  });

  it('ends for whatever goes wrong every time, even a host that always says 429', () => {
    fc.assert(
      fc.property(anyFetched, fc.integer({ min: 10, max: 1_000 }), (fetched, attempts) => {
        expect(nextTryAt(fetched, attempts, NOW)).toBeNull();
      }),
    );
  });

  it('is not before the server said', () => {
    expect(nextTryAt(tooMany(5 * DAY), 1, NOW)).toBe(NOW + 5 * DAY);
    expect(nextTryAt(tooMany(1_000), 1, NOW)).toBe(NOW + HOUR);
  });

  it('asks again whether robots.txt has changed its mind', () => {
    expect(nextTryAt(refused('robots'), 1, NOW)).toBe(NOW + 7 * DAY);
  });
});

describe('isHostDown', () => {
  it('tells a host that does not answer from a page that does not work', () => {
    expect([unreachable('dns'), unreachable('timeout')].map(isHostDown)).toEqual([true, true]);
    expect(
      [ok, gone, forbidden, unreachable('reset'), unreachable('server-error', 503), unreachable('timeout', 200)].map(
        isHostDown,
      ),
    ).toEqual(Array.from({ length: 6 }, () => false));
  });
});

describe('leastTimeMs', () => {
  it('says how long so many requests take: 90,000 look-ups at 24 a minute are 62 hours and a half', () => {
    expect(leastTimeMs('web.archive.org', 90_001)).toBe(62.5 * HOUR);
    expect(leastTimeMs('www.example.org', 1)).toBe(0);
    expect(leastTimeMs('www.example.org', 0)).toBe(0);
  });
});

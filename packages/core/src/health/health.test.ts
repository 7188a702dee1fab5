import { describe, expect, it } from 'vitest';
import { dayOfNumber } from '../day.ts';
import type { HealthFacts } from './facts.ts';
import { lightsOf, worstOf } from './health.ts';
import type { Level } from './light.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 0, 15, 12);

const stage = {
  stage: 'enrich',
  waiting: 0,
  active: 0,
  delayed: 0,
  failed: 0,
  paused: false,
  oldestWaitingAgeMs: null,
  behind: 0,
  doneLastHour: 40,
  failedLastHour: 0,
  pausedAt: null,
};

const well = (now = NOW): HealthFacts => ({
  now,
  live: true,
  database: { skewMs: 12 },
  queue: { stages: [stage] },
  sources: [
    {
      source: 'portal',
      newestContentAt: now - HOUR,
      readAt: now - 5 * MINUTE,
      failedAt: null,
      failure: null,
      newestDay: dayOfNumber(Math.floor(now / DAY)),
      quietMs: 12 * HOUR,
    },
  ],
  pages: { drifted: [], empty: [] },
  workers: [{ worker: 'one:1', version: '1', heartbeatAt: now - 4_000, inHand: [], quiet: false }],
  hosts: { newlyFailing: [], closed: [] },
  runs: [],
  subscriptions: [],
  schedules: [{ name: 'sweep', everyMs: 15_000, lastAt: now - 9_000, enabled: true }],
  failures: { open: 0, lastHour: 0, commonest: null },
  disk: { freeBytes: 40 * 2 ** 30, neededBytes: 200 * 2 ** 20 },
});

const source = well().sources[0] ?? expect.unreachable();

const faults: [string, string, Level, Partial<HealthFacts>, RegExp][] = [
  [
    'a frozen feed',
    'sources',
    'bad',
    { sources: [{ ...source, newestContentAt: NOW - 3 * DAY }] },
    /Stale: .* 3 days ago/,
  ],
  ['a quiet feed', 'sources', 'watch', { sources: [{ ...source, newestContentAt: NOW - 13 * HOUR }] }, /quiet/],
  [
    'an API that refuses us',
    'sources',
    'bad',
    { sources: [{ ...source, readAt: NOW - 5 * HOUR, failedAt: NOW - MINUTE, failure: '403 Forbidden' }] },
    /cannot be read for 5 h: 403/,
  ],
  [
    'an unknown wrapper',
    'layout',
    'bad',
    { pages: { drifted: [{ day: dayOfNumber(20_000), alarm: 'unknown frame' }], empty: [] } },
    /unknown frame/,
  ],
  [
    'a silent zero',
    'layout',
    'bad',
    { pages: { drifted: [], empty: [dayOfNumber(20_000)] } },
    /No event at all on 2024-10-04/,
  ],
  [
    'a forgotten pause',
    'stages',
    'bad',
    { queue: { stages: [{ ...stage, paused: true, pausedAt: NOW - 5 * HOUR, waiting: 7 }] } },
    /enrich is paused since 5 h; 7 jobs wait/,
  ],
  [
    'a stage that falls behind',
    'stages',
    'watch',
    { queue: { stages: [{ ...stage, oldestWaitingAgeMs: 20 * MINUTE, behind: 80 }] } },
    /falls behind.*2 h to go/,
  ],
  [
    'a queue that is gone',
    'stages',
    'bad',
    { queue: { failure: 'connection refused' } },
    /cannot be reached: connection refused/,
  ],
  [
    'no worker',
    'workers',
    'bad',
    { workers: [{ worker: 'one:1', version: '1', heartbeatAt: NOW - 3 * MINUTE, inHand: [], quiet: false }] },
    /No worker is running/,
  ],
  [
    'a stuck worker',
    'workers',
    'bad',
    {
      workers: [
        {
          worker: 'one:1',
          version: '1',
          heartbeatAt: NOW,
          quiet: false,
          inHand: [{ stage: 'enrich', key: 'a', since: NOW - HOUR, timeoutMs: 5 * MINUTE }],
        },
      ],
    },
    /hangs in enrich a for 60 min/,
  ],
  [
    'jobs that failed',
    'failures',
    'watch',
    { failures: { open: 3, lastHour: 1, commonest: 'bad payload' } },
    /3 jobs failed for good, 1 in the last hour.*bad payload/,
  ],
  [
    'a host turned bot-walled',
    'hosts',
    'watch',
    { hosts: { newlyFailing: [{ host: 'news.example', failure: '403', articles: 9 }], closed: [] } },
    /news\.example \(403\)/,
  ],
  [
    'an import killed',
    'runs',
    'bad',
    { runs: [{ id: 4, kind: 'import', state: 'running', heartbeatAt: NOW - HOUR, endedAt: null, failure: null }] },
    /import 4 has said nothing for 60 min/,
  ],
  [
    'schedules that stand still',
    'schedules',
    'bad',
    { schedules: [{ name: 'sweep', everyMs: 15_000, lastAt: NOW - HOUR, enabled: true }] },
    /missed its turns/,
  ],
  [
    'a subscriber that fails',
    'webhooks',
    'watch',
    { subscriptions: [{ id: 1, url: 'https://s.example', attempts: 2, failure: '500', lag: 9, deadLetters: 0 }] },
    /does not take changes: 500/,
  ],
  [
    'dead letters',
    'webhooks',
    'bad',
    { subscriptions: [{ id: 1, url: 'https://s.example', attempts: 0, failure: null, lag: 0, deadLetters: 2 }] },
    /2 dead letters/,
  ],
  ['Postgres gone', 'database', 'bad', { database: { failure: 'no answer' } }, /cannot be reached/],
  ['clock skew', 'database', 'bad', { database: { skewMs: -90_000 } }, /90 s behind/],
  ['a full disk', 'disk', 'bad', { disk: { freeBytes: 2 ** 20, neededBytes: 200 * 2 ** 20 } }, /nearly full/],
];

describe('lightsOf', () => {
  it.each(faults)('tells of %s', (_, name, level, facts, says) => {
    const light = lightsOf({ ...well(), ...facts }).find((one) => one.name === name);

    expect(light?.level).toBe(level);
    expect(light?.says).toMatch(says);
  });

  it.each(faults)('turns no other light for %s', (_, name, _level, facts) => {
    const others = lightsOf({ ...well(), ...facts }).filter((one) => one.name !== name);

    expect(others.filter(({ level }) => level === 'bad' || level === 'watch')).toEqual([]);
  });

  it('raises no alarm through seven quiet days', () => {
    for (let now = NOW; now < NOW + 7 * DAY; now += 10 * MINUTE) expect(worstOf(lightsOf(well(now)))).toBe('good');
  });

  it('says what is off where nothing is read live', () => {
    const lights = lightsOf({ ...well(), live: false, sources: [] });

    expect(lights.find(({ name }) => name === 'sources')?.level).toBe('off');
    expect(worstOf(lights)).toBe('good');
  });
});

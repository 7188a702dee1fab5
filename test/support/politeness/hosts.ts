import { ARCHIVE_HOST } from '@throughline/core';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Answer, Asked, SimulatedHost } from './net.ts';

/** A URL that an event cites, and how its capture has to end. */
export interface Cited {
  url: string;
  state: string;
  /** What `article.reason` has to match; null where there is none. */
  reason: RegExp | null;
}

export interface Scene {
  hosts: SimulatedHost[];
  cited: Cited[];
}

const MEGABYTE = 1_000_000;

// Answers

export const story = (title: string): string =>
  `<!doctype html><html lang="en"><head><title>${title}</title><meta property="og:type" content="article"><meta property="og:title" content="${title}"><meta property="article:published_time" content="2026-03-09T10:00:00Z"></head><body><article><h1>${title}</h1>${'<p>The council of the town met on Monday evening and voted for a bridge across the river, which will be opened in the spring of next year.</p>'.repeat(4)}</article></body></html>`;

const send = (response: ServerResponse, status: number, headers: Record<string, string> = {}, body = ''): void =>
  void response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(body);

const page: Answer = ({ url }, response) => send(response, 200, {}, story(`Story of ${url.hostname} ${url.pathname}`));
const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    send(response, code, headers, `<p>${code}`);
const to =
  (location: string | ((asked: Asked) => string), code = 302): Answer =>
  (asked, response) =>
    send(response, code, { location: typeof location === 'string' ? location : location(asked) });
const text =
  (...lines: string[]): Answer =>
  (_, response) =>
    send(response, 200, { 'content-type': 'text/plain' }, lines.join('\n'));
const after =
  (ms: number, answer: Answer): Answer =>
  (asked, response) =>
    void setTimeout(() => answer(asked, response), ms);
/** Another answer for the first so many requests for a path. */
const first =
  (count: number, some: Answer, then: Answer): Answer =>
  (asked, response) =>
    (asked.before < count ? some : then)(asked, response);
/** Answers that it is busy, and says until when. */
const busy =
  (code: number, seconds: number, written: 'seconds' | 'date'): Answer =>
  ({ away }, response) => {
    away(seconds * 1_000);
    const value = written === 'seconds' ? String(seconds) : new Date(Date.now() + seconds * 1_000).toUTCString();
    send(response, code, { 'retry-after': value });
  };

function drip(response: ServerResponse): void {
  const timer = setInterval(() => response.write('<p>'), 100);
  response.once('close', () => clearInterval(timer));
}

/** Ten gigabytes of nothing: a thousand gzip members of ten megabytes each are one gzip file of ten. */
let member: Buffer | undefined;
const bomb: Answer = (_, response) => {
  member ??= gzipSync(Buffer.alloc(10 * MEGABYTE), { level: 9 });
  const piece = member;
  response.writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'gzip' });
  let sent = 0;
  const pump = () => {
    while (!response.destroyed && sent++ < 1_000) if (!response.write(piece)) return;
    response.end();
  };
  response.on('drain', pump);
  pump();
};
let wrapped: Buffer | undefined;
const bombInABomb: Answer = (_, response) => {
  wrapped ??= gzipSync(
    Buffer.concat(Array.from({ length: 1_000 }, () => gzipSync(Buffer.alloc(10 * MEGABYTE))).slice(0, 50)),
    { level: 9 },
  );
  response.writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'gzip, gzip' }).end(wrapped);
};

// The hosts

interface Part {
  host: SimulatedHost;
  cited: Cited[];
}

const at = (name: string, path: string) => `http://${name}.example${path}`;

function part(
  name: string,
  answer: Answer,
  cited: readonly (readonly [path: string, state: string, reason: RegExp | null])[],
  more: Omit<SimulatedHost, 'name' | 'answer'> = {},
): Part {
  return {
    host: { name: `${name}.example`, answer, ...more },
    cited: cited.map(([path, state, reason]) => ({ url: at(name, path), state, reason })),
  };
}

const all = (state: string, reason: RegExp | null, ...paths: string[]) =>
  paths.map((path) => [path, state, reason] as const);
const ok = (...paths: string[]) => all('ok', null, ...paths);
const refused = (reason: RegExp, ...paths: string[]) => all('refused', reason, ...paths);
const unreachable = (reason: RegExp, ...paths: string[]) => all('unreachable', reason, ...paths);

const PLAIN = [1, 2, 3, 4, 5, 6].map((n) => part(`plain-${n}`, page, ok('/1', '/2', '/3')));

const ROBOTS = [
  part('delay-1', page, ok('/1', '/2'), { gapMs: 2_000, robots: text('User-agent: *', 'Crawl-delay: 2') }),
  part('delay-2', page, ok('/1', '/2'), {
    gapMs: 3_000,
    robots: text('User-agent: *', 'Crawl-delay: 20', '', 'User-agent: throughline', 'Crawl-delay: 3'),
  }),
  part('delay-3', first(1, to('/b', 302), page), ok('/a'), {
    gapMs: 4_000,
    robots: text('User-agent: *', 'Crawl-delay: 4'),
  }),
  part('rules-1', page, [...ok('/private/open'), ...refused(/^robots/, '/private/closed')], {
    forbidden: /^\/private\/closed/,
    robots: text('User-agent: *', 'Disallow: /private', 'Allow: /private/open'),
  }),
  part('rules-2', page, [...ok('/a.php?x=1'), ...refused(/^robots/, '/a.php')], {
    forbidden: /\.php$/,
    robots: text('User-agent: *', 'Disallow: /*.php$'),
  }),
  part('rules-3', page, ok('/late'), {
    robots: text(
      'User-agent: *',
      ...Array.from({ length: 26_000 }, (_, i) => `Disallow: /no/${i}/nothing`),
      'Disallow: /late',
    ),
  }),
  part('rules-4', page, refused(/^robots/, '/1'), {
    forbidden: /./,
    robots: text('User-agent: *', 'Allow: /', '', 'User-agent: Throughline', 'Disallow: /'),
  }),
  part('rules-5', page, ok('/1'), { robots: status(403) }),
  part('rules-6', page, ok('/1'), { robots: (_, response) => send(response, 200, {}, story('Home')) }),
  part('rules-7', page, unreachable(/server-error|status 500/, '/1', '/2'), { robots: status(500) }),
  part('rules-8', page, ok('/1'), { robots: first(2, status(503), text('User-agent: *', 'Allow: /')) }),
  part(
    'rules-9',
    (asked, response) =>
      (asked.url.pathname === '/rules' ? text('User-agent: *', 'Disallow: /x') : page)(asked, response),
    [...ok('/1'), ...refused(/^robots/, '/x')],
    {
      forbidden: /^\/x/,
      robots: to('/rules', 301),
    },
  ),
  part('rules-10', page, refused(/^robots/, '/1'), { forbidden: /^\/1/, robots: to(at('rules-11', '/rules')) }),
  part(
    'rules-11',
    (asked, response) =>
      (asked.url.pathname === '/rules' ? text('User-agent: *', 'Disallow: /1') : page)(asked, response),
    ok('/2'),
  ),
  part('rules-12', to('/hidden/b', 301), refused(/^robots/, '/a'), {
    forbidden: /^\/hidden/,
    robots: text('User-agent: *', 'Disallow: /hidden'),
  }),
];

const BUSY = [
  part('busy-1', first(1, busy(429, 45, 'seconds'), page), ok('/1', '/2')),
  part('busy-2', first(1, busy(429, 70, 'date'), page), ok('/1')),
  part('busy-3', status(429), all('blocked', /^status 429$/, '/1')),
  part('tired-1', first(2, status(503), page), ok('/1', '/2')),
  part('tired-2', first(1, busy(503, 120, 'seconds'), page), ok('/1')),
  part('tired-3', status(500), unreachable(/^server-error/, '/1')),
];

const ENDS = [
  part('wall-1', status(403), all('blocked', /^status 403$/, '/1')),
  part('wall-2', status(403, { 'cf-mitigated': 'challenge' }), all('blocked', /^bot wall$/, '/1')),
  part('gone-1', (asked, response) => send(response, Number(asked.url.pathname.slice(1))), [
    ...all('gone', /^status 404$/, '/404'),
    ...all('gone', /^status 410$/, '/410'),
    ...all('gone', /^status 451$/, '/451'),
  ]),
  part(
    'home-1',
    (asked, response) => (asked.url.pathname === '/' ? page(asked, response) : to('/')(asked, response)),
    all('gone', /front page/, '/1'),
  ),
  part(
    'soft-1',
    (_, response) =>
      send(
        response,
        200,
        {},
        '<html><head><title>Page not found</title></head><body><h1>404 Page not found</h1><p>The page you were looking for does not exist.</p></body></html>',
      ),
    all('not-article', /^soft-404$/, '/1'),
  ),
  part(
    'pdf-1',
    (_, response) => send(response, 200, { 'content-type': 'application/pdf' }, '%PDF-1.4'),
    refused(/^type/, '/1'),
  ),
  part('moved-1', to(at('moved-2', '/story'), 301), ok('/story')),
  part('moved-2', page, ok('/story')),
];

const FAULTS = [
  part(
    'drip-1',
    (_, response) => drip(response.writeHead(200, { 'content-type': 'text/html' })),
    unreachable(/^timeout|does not answer/, '/1'),
  ),
  part('drip-2', () => {}, unreachable(/^timeout|does not answer/, '/1')),
  part('slow-1', after(700, page), ok('/1', '/2')),
  part('reset-1', (_, response) => void response.destroy(), unreachable(/^reset/, '/1')),
  part(
    'reset-2',
    first(
      1,
      (_, response) => {
        response.writeHead(200, { 'content-type': 'text/html', 'content-length': '5000' }).write('<p>half');
        setTimeout(() => response.destroy(), 50);
      },
      page,
    ),
    ok('/1'),
  ),
  part('bomb-1', bomb, refused(/^size/, '/1', '/2')),
  part('bomb-2', bombInABomb, refused(/^size/, '/1')),
  part(
    'big-1',
    (_, response) =>
      void response
        .writeHead(200, { 'content-type': 'text/html', 'content-length': String(50 * MEGABYTE) })
        .write('<p>'),
    refused(/^size/, '/1'),
  ),
  part(
    'loop-1',
    to(({ url }) => (url.pathname === '/a' ? '/b' : '/a')),
    refused(/^redirect-loop/, '/a'),
  ),
  part(
    'loop-2',
    to(({ url }) => `/${Number(url.pathname.slice(1)) + 1}`),
    refused(/^redirects/, '/1'),
  ),
];

/** Ways to an address that nobody may reach, each on a page of its own. */
const lures = (port: number): Part[] => {
  const places = [
    'http://169.254.169.254/latest/meta-data/',
    `http://127.0.0.1:${port}/`,
    `http://2130706433:${port}/`,
    `http://0177.0.0.1:${port}/`,
    `http://0x7f.1:${port}/`,
    `http://[::ffff:127.0.0.1]:${port}/`,
    `http://[64:ff9b::7f00:1]:${port}/`,
    `http://localhost:${port}/`,
    `http://rebind.example:${port}/`,
    'http://user:secret@nobody.test/',
  ];
  const lure: Answer = (asked, response) => to(places[Number(asked.url.pathname.slice(1))] ?? '/')(asked, response);
  const cited = (name: string, from: number, until: number) =>
    part(name, lure, refused(/^guard/, ...Array.from({ length: until - from }, (_, i) => `/${from + i}`)));
  const direct: Part = {
    host: { name: 'unused.example', answer: page },
    cited: [`http://2130706433:${port}/1`, `http://rebind.example:${port}/2`].map((url) => ({
      url,
      state: 'refused',
      reason: /^guard/,
    })),
  };
  return [cited('lure-1', 0, 4), cited('lure-2', 4, 7), cited('lure-3', 7, 10), direct];
};

const DEAD: Part = {
  host: { name: 'nobody.example', answer: page },
  cited: [{ url: 'http://dead.example/1', state: 'unreachable', reason: /^dns|does not answer/ }],
};

/** The archive: it has nothing, and has had enough of us once. */
function archive(): SimulatedHost {
  let asked = 0;
  return {
    name: ARCHIVE_HOST,
    gapMs: 2_500,
    answer({ away }, response) {
      if (++asked !== 3) return send(response, 200, { 'content-type': 'application/json' }, '[]');
      away(3_600_000);
      return send(response, 429);
    },
  };
}

/** Hosts of every kind with what is cited of them. `short` leaves out most. */
export function scene(forbiddenPort: number, { short = false } = {}): Scene {
  const lured = lures(forbiddenPort);
  const few = [PLAIN[0], PLAIN[1], ROBOTS[0], ROBOTS[3], BUSY[0], ENDS[2], FAULTS[5], FAULTS[8], lured[1]].filter(
    (one) => one !== undefined,
  );
  const parts = short ? few : [...PLAIN, ...ROBOTS, ...BUSY, ...ENDS, ...FAULTS, ...lured, DEAD];
  return {
    hosts: [...parts.map(({ host }) => host), archive()],
    cited: parts.flatMap(({ cited }) => cited),
  };
}

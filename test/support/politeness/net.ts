import http, { type ServerResponse } from 'node:http';
import net, { type AddressInfo } from 'node:net';

/** How a host answers, and what it may be asked: the simulator checks each request against it. */
export interface SimulatedHost {
  name: string;
  /** Least time from the end of one request to the start of the next, in milliseconds; 1 s unless given. */
  gapMs?: number;
  /** Answers for robots.txt; allows everything unless given. */
  robots?: Answer;
  /** Paths that robots.txt asks us not to fetch. */
  forbidden?: RegExp;
  /** Answers for everything else. */
  answer: Answer;
}

export type Answer = (asked: Asked, response: ServerResponse) => void;

export interface Asked {
  url: URL;
  /** How often this path was asked for before. */
  before: number;
  /** Simulated time, milliseconds since the epoch. */
  now: number;
  /** Tells the simulator that the host has just asked to be left alone for so long. */
  away: (ms: number) => void;
}

/** What one host saw. */
interface Seen {
  requests: number;
  paths: Map<string, number>;
  underWay: number;
  endedAt: number;
  notBefore: number;
  robotsAt: number;
  isRobotsKnown: boolean;
}

/** The web as a few dozen hosts see it, really one server on loopback; and an address that nobody may reach. */
export interface SimulatedNet extends AsyncDisposable {
  origin: string;
  forbiddenPort: number;
  /** Opens the hosts of this web. */
  open: (hosts: readonly SimulatedHost[]) => void;
  /** What went over a limit, in words. */
  violations: string[];
  /** Connections that reached the forbidden address. */
  intrusions: () => number;
  requests: () => number;
  /** Lets so much simulated time go by at once. */
  leap: (ms: number) => void;
}

const DAY = 86_400_000;
/** A host's clock and ours may differ so much: timers round, and a closed connection is told a moment later. */
const ROUNDING_MS = 15;

/** A web without hosts yet. `lateness` is by how many milliseconds this process may have noticed something too late. */
export async function simulateNet(lateness: () => number): Promise<SimulatedNet> {
  const violations: string[] = [];
  const known = new Map<string, { host: SimulatedHost; seen: Seen }>();
  let leapt = 0;
  let intrusions = 0;
  let requests = 0;
  const now = () => Date.now() + leapt;

  const server = http.createServer((request, response) => {
    requests++;
    const url = new URL(String(request.headers['x-replay-url']));
    const place = known.get(url.hostname);
    if (!place) return void response.writeHead(500).end();
    const problem = check(place.host, place.seen, url, now(), ROUNDING_MS + lateness());
    if (problem) violations.push(`${url.href}: ${problem}`);
    admit(place.host, place.seen, url, response, now);
  });
  server.requestTimeout = 0;
  const guarded = net.createServer((socket) => {
    intrusions++;
    socket.destroy();
  });
  await Promise.all([listen(server), listen(guarded)]);
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    forbiddenPort: (guarded.address() as AddressInfo).port,
    open(hosts) {
      for (const host of hosts) known.set(host.name, { host, seen: fresh() });
    },
    violations,
    intrusions: () => intrusions,
    requests: () => requests,
    leap: (ms) => void (leapt += ms),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await Promise.all([server, guarded].map((one) => new Promise((done) => one.close(done))));
    },
  };
}

const listen = (server: net.Server) =>
  new Promise<void>((done, fail) => void server.once('error', fail).listen(0, '127.0.0.1', done));

const fresh = (): Seen => ({
  requests: 0,
  paths: new Map(),
  underWay: 0,
  endedAt: 0,
  notBefore: 0,
  robotsAt: 0,
  isRobotsKnown: false,
});

/** What is wrong with a request that begins now; undefined where nothing is. */
function check(host: SimulatedHost, seen: Seen, url: URL, now: number, tolerance: number): string | undefined {
  if (seen.underWay > 0) return `a second request beside one that was under way`;
  const gap = now - seen.endedAt;
  const least = host.gapMs ?? 1_000;
  if (seen.requests > 0 && gap < least - tolerance)
    return `after ${gap} ms instead of ${least} ms (tolerance ${Math.round(tolerance)} ms)`;
  if (now < seen.notBefore - tolerance) return `${seen.notBefore - now} ms before the end of what Retry-After said`;
  if (url.pathname === '/robots.txt') return undefined;
  if (host.robots && !seen.isRobotsKnown) return 'asked for while its robots.txt could not be read';
  if (host.robots && now - seen.robotsAt > DAY + 60_000) return 'asked for by a robots.txt older than a day';
  return host.forbidden?.test(url.pathname + url.search) ? 'asked for against robots.txt' : undefined;
}

function admit(host: SimulatedHost, seen: Seen, url: URL, response: ServerResponse, now: () => number): void {
  const path = url.pathname + url.search;
  const before = seen.paths.get(path) ?? 0;
  seen.paths.set(path, before + 1);
  seen.requests++;
  seen.underWay++;
  response.once('close', () => {
    seen.underWay--;
    seen.endedAt = now();
  });
  const away = (ms: number) => (seen.notBefore = now() + ms);
  const asked: Asked = { url, before, now: now(), away };
  if (path !== '/robots.txt') return host.answer(asked, response);
  response.once('close', () => {
    if (response.statusCode >= 500 || response.statusCode === 429) return;
    seen.isRobotsKnown = true;
    seen.robotsAt = now();
  });
  (host.robots ?? ((_, answer) => void answer.writeHead(404).end()))(asked, response);
}

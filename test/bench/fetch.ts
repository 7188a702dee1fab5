import { createFetcher, PAGE_TYPES } from '@throughline/fetch';
import axios from 'axios';
import { fork } from 'node:child_process';
import { Agent, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

/** A page of the usual size, packed as most servers send it: 74 kB. */
function aPage(): Buffer {
  const paragraph = (index: number) =>
    `<p class="body-${index % 7}">Paragraph ${index}: ${Math.sin(index).toString(36)} officials said ${(index * 7919) % 10_007} people were there.</p>\n`;
  return Buffer.from(
    `<!doctype html><html><head><title>News</title></head><body>${Array.from({ length: 690 }, (_, index) => paragraph(index)).join('')}</body></html>`,
  );
}

/** Serves the page in a process of its own, so that only the client's time is counted. */
function serve(): void {
  const packed = gzipSync(aPage());
  const server = createServer((_, response) => {
    response
      .writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'content-encoding': 'gzip',
        'content-length': packed.length,
      })
      .end(packed);
  });
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
}

interface Rate {
  pagesPerSecond: number;
  cpuMsPerPage: number;
}

async function rate(get: () => Promise<number>, pages: number): Promise<Rate> {
  const started = performance.now();
  const cpu = process.cpuUsage();
  let asked = 0;
  const lane = async () => {
    while (asked++ < pages) if ((await get()) < 50_000) throw new Error('the page did not come whole');
  };
  await Promise.all(Array.from({ length: 16 }, lane));
  const seconds = (performance.now() - started) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return { pagesPerSecond: Math.round(pages / seconds), cpuMsPerPage: (user + system) / 1_000 / pages };
}

/** Fetches the same local page with our fetcher and with plain axios, in turns; tells both rates and their ratio. */
export async function benchFetch(pages = 1_500, rounds = 3) {
  const server = fork(fileURLToPath(import.meta.url), ['serve']);
  const port = await new Promise<number>((done) => server.once('message', done));
  const url = `http://127.0.0.1:${port}/`;
  const fetcher = createFetcher({ userAgent: 'bench', guard: { allowLoopback: true } });
  const httpAgent = new Agent({ keepAlive: true });
  const ways = {
    fetcher: async () => {
      const fetched = await fetcher.get(url, { accept: PAGE_TYPES });
      return fetched.kind === 'ok' ? fetched.body.length : 0;
    },
    axios: async () => (await axios.get<Buffer>(url, { httpAgent, responseType: 'arraybuffer' })).data.length,
  };
  const rates = { fetcher: [] as Rate[], axios: [] as Rate[] };
  for (let round = 0; round <= rounds; round++) {
    for (const way of ['axios', 'fetcher'] as const) {
      const measured = await rate(ways[way], round === 0 ? 300 : pages);
      if (round > 0) rates[way].push(measured); // the first round warms up
    }
  }
  fetcher.close();
  httpAgent.destroy();
  server.kill();
  const [ours, plain] = [best(rates.fetcher), best(rates.axios)];
  return { fetcher: ours, axios: plain, ratio: ours.pagesPerSecond / plain.pagesPerSecond };
}

const best = (rates: readonly Rate[]): Rate =>
  rates.toSorted((one, other) => other.pagesPerSecond - one.pagesPerSecond)[0] ?? {
    pagesPerSecond: 0,
    cpuMsPerPage: 0,
  };

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv[2] === 'serve') serve();
  else console.log(await benchFetch());
}

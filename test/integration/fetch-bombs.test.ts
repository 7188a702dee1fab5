import { createFetcher } from '@throughline/fetch';
import { serveOnLoopback, type Reply } from '@throughline/test/loopback';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

const MEGABYTE = 1_000_000;

/** Ten gigabytes of nothing: a thousand gzip members of ten megabytes each are one gzip file of ten. */
const member = gzipSync(Buffer.alloc(10 * MEGABYTE), { level: 9 });
const members = 1_000;

const bomb: Reply = (_, response) => {
  response.writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'gzip' });
  let sent = 0;
  const pump = () => {
    while (!response.destroyed && sent < members) {
      sent++;
      if (!response.write(member)) return;
    }
    response.end();
  };
  response.on('drain', pump);
  pump();
};

const wrapped = gzipSync(Buffer.concat(Array.from({ length: members }, () => member)), { level: 9 });
const bombInABomb: Reply = (_, response) =>
  void response.writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'gzip, gzip' }).end(wrapped);

/** The same in blocks of 128 KiB that say which byte to repeat: RFC 8878, 3.1.1.2.2. */
const block = Buffer.from([0x02, 0x00, 0x10, 0x00]);
const repeated = Buffer.concat([
  Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38]),
  Buffer.alloc(79_999 * block.length, block),
  Buffer.from([0x03, 0x00, 0x10, 0x00]),
]);
const zstdBomb: Reply = (_, response) =>
  void response.writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'zstd' }).end(repeated);

/** Runs `work` and tells by how many megabytes the process grew at most meanwhile. */
async function growth(work: () => Promise<void>): Promise<number> {
  const before = process.memoryUsage().rss;
  let most = before;
  const look = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 2);
  await work().finally(() => clearInterval(look));
  return (Math.max(most, process.memoryUsage().rss) - before) / MEGABYTE;
}

it.each([
  ['ten gigabytes in ten megabytes', bomb],
  ['the same packed again, in tens of kilobytes', bombInABomb],
  ['the same in zstd', zstdBomb],
])('stays small under many bombs at once: %s', async (_, reply) => {
  await using server = await serveOnLoopback({ '/': reply });
  const fetcher = createFetcher({
    userAgent: 'test',
    guard: { allowLoopback: true },
    limits: { maxBytes: 12 * MEGABYTE },
  });
  const grown = await growth(async () => {
    const fetched = await Promise.all(Array.from({ length: 16 }, () => fetcher.get(server.origin)));
    for (const each of fetched) expect(each).toMatchObject({ kind: 'refused', reason: 'size' });
  });
  fetcher.close();
  expect(grown).toBeLessThan(500);
});

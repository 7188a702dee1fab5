import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { snapshotStore } from './snapshot.ts';
import type { Capture } from './warc.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'snapshots-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

const aCapture = (changes: Partial<Capture> = {}): Capture => ({
  url: 'https://example.org/story',
  at: new Date('2018-01-09T11:00:00Z'),
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8', etag: '"1"' },
  body: Buffer.from('<p>story'),
  ...changes,
});

const filesUnder = async (folder: string) =>
  (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());

describe('snapshotStore', () => {
  it('gives back what was kept, byte for byte', async () => {
    const store = snapshotStore(directory);
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 2_000 }),
        fc.webUrl(),
        fc.integer({ min: 200, max: 599 }),
        async (body, url, status) => {
          const capture = aCapture({ body: Buffer.from(body), url, status });
          const { hash } = await store.keep(capture);
          const read = await store.read(hash);
          expect(read).toMatchObject({ url, status, at: capture.at, headers: capture.headers });
          expect(Buffer.from(read?.body ?? []).equals(body)).toBe(true);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('keeps a page seen again once, and its other states beside it', async () => {
    const store = snapshotStore(directory);
    const first = await store.keep(aCapture());
    const again = await store.keep(
      aCapture({ at: new Date('2018-02-01T00:00:00Z'), headers: { ...aCapture().headers, etag: '"2"' } }),
    );
    const reworded = await store.keep(aCapture({ body: Buffer.from('<p>another story') }));
    const elsewhere = await store.keep(aCapture({ url: 'https://example.org/other' }));
    expect(again).toEqual(first);
    expect(new Set([first.hash, reworded.hash, elsewhere.hash]).size).toBe(3);
    expect((await store.read(first.hash))?.at).toEqual(aCapture().at);
    expect(await filesUnder(directory)).toHaveLength(3);
  });

  it('keeps one page that many workers bring at once', async () => {
    const store = snapshotStore(directory);
    const kept = await Promise.all(Array.from({ length: 20 }, () => store.keep(aCapture())));
    expect(new Set(kept.map(({ hash }) => hash)).size).toBe(1);
    expect(await filesUnder(directory)).toHaveLength(1);
  });

  it('has files that are compressed, in folders by hash, and of use to other programs', async () => {
    const store = snapshotStore(directory);
    const { hash, bytes } = await store.keep(aCapture({ body: Buffer.from('<p>story '.repeat(10_000)) }));
    const file = await readFile(path.join(directory, hash.slice(0, 2), hash.slice(2, 4), `${hash}.warc.gz`));
    expect(file.length).toBe(bytes);
    expect(bytes).toBeLessThan(2_000);
    expect(gunzipSync(file).toString()).toMatch(/^WARC\/1\.1\r\nWARC-Type: response\r\n/);
    expect(await store.packed(hash)).toEqual(file);
  });

  it('has nothing under a hash it never gave, and no file outside its folder', async () => {
    const store = snapshotStore(directory);
    expect(await store.read(createHash('sha256').digest('hex'))).toBeUndefined();
    expect(await store.packed(createHash('sha256').digest('hex'))).toBeUndefined();
    await expect(store.read('../../etc/passwd')).rejects.toThrow('"../../etc/passwd" is not a snapshot\'s hash');
  });

  it('notices a file that is damaged, and keeps the page anew', async () => {
    const store = snapshotStore(directory);
    const { hash } = await store.keep(aCapture());
    const file = path.join(directory, hash.slice(0, 2), hash.slice(2, 4), `${hash}.warc.gz`);
    const bytes = await readFile(file);
    for (const damage of [
      bytes.subarray(0, 40),
      Buffer.from('no gzip'),
      gzipSync('no record'),
      gzipSync(gunzipSync(bytes).toString().replace('story', 'stork')),
      Buffer.alloc(0),
    ]) {
      await writeFile(file, damage);
      await expect(store.read(hash)).rejects.toThrow('is damaged');
    }
    expect((await store.keep(aCapture())).hash).toBe(hash);
    expect(await store.read(hash)).toMatchObject({ url: aCapture().url });
  });

  it('says in one line why nothing can be kept, and leaves no half file', async () => {
    const file = path.join(directory, 'taken');
    await writeFile(file, '');
    await expect(snapshotStore(file).keep(aCapture())).rejects.toThrow(
      `cannot keep snapshots in ${file}: it is not a directory`,
    );
    await expect(snapshotStore('/dev/full/x').keep(aCapture())).rejects.toThrow(
      'cannot keep snapshots in /dev/full/x: it is not a directory',
    );
    if (process.getuid?.() !== 0) {
      await chmod(directory, 0o500);
      await expect(snapshotStore(directory).keep(aCapture())).rejects.toThrow('no permission to write there');
      await chmod(directory, 0o700);
    }
    expect(await filesUnder(directory)).toHaveLength(1);
  });
});

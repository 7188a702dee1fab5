import { createHash } from 'node:crypto';
import { serveOnLoopback, type Loopback } from '@throughline/test/loopback';
import { buffer } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { s3Blobs } from './s3-blobs.ts';
import { signed } from './s3-signature.ts';
import { snapshotStore } from './snapshot.ts';
import type { Capture } from './warc.ts';

const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret/+key' };
const open: Loopback[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server[Symbol.asyncDispose]();
});

const error = (code: string) => `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`;

/** A bucket that is really a server on loopback: it keeps objects, and refuses who cannot sign. `troubles` are answered first. */
async function bucket({ troubles = [] as number[], secret = credentials.secretAccessKey } = {}) {
  const objects = new Map<string, Buffer>();
  const server = await serveOnLoopback({
    '*'(request, response) {
      void buffer(request).then((body) => {
        const trouble = troubles.shift();
        if (trouble) return response.writeHead(trouble).end(error('SlowDown'));
        const { url = '', method = '', headers } = request;
        const [, year, month, day, hour, minute, second] =
          /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(headers['x-amz-date'])) ?? [];
        const right = signed({
          method,
          url: new URL(url, `http://${headers.host}`),
          headers: {},
          body,
          at: new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`),
          region: 'eu-central-1',
          credentials: { ...credentials, secretAccessKey: secret },
        });
        if (headers.authorization !== right['authorization'])
          return response.writeHead(403).end(error('SignatureDoesNotMatch'));
        if (headers['x-amz-content-sha256'] !== createHash('sha256').update(body).digest('hex'))
          return response.writeHead(400).end(error('XAmzContentSHA256Mismatch'));
        if (!url.startsWith('/news/')) return response.writeHead(404).end(error('NoSuchBucket'));
        if (method === 'PUT') {
          objects.set(url, body);
          return response.writeHead(200).end();
        }
        const object = objects.get(url);
        return object ? response.writeHead(200).end(object) : response.writeHead(404).end(error('NoSuchKey'));
      });
    },
  });
  open.push(server);
  return { objects, server };
}

const blobsOf = ({ origin }: Loopback, changes = {}) =>
  s3Blobs({
    bucket: 'news',
    prefix: 'snap shots',
    region: 'eu-central-1',
    endpoint: `${origin}/`,
    credentials,
    ...changes,
  });

const capture: Capture = {
  url: 'https://example.org/story',
  at: new Date('2018-01-09T11:00:00Z'),
  status: 200,
  headers: { 'content-type': 'text/html' },
  body: Buffer.from('<p>story'),
};

describe('a bucket', () => {
  it('keeps snapshots, each once, and gives them back', async () => {
    const { objects, server } = await bucket();
    const store = snapshotStore(blobsOf(server));
    const kept = await store.keep(capture);
    expect(await store.keep(capture)).toEqual(kept);
    expect([...objects.keys()]).toEqual([
      `/news/snap%20shots/${kept.hash.slice(0, 2)}/${kept.hash.slice(2, 4)}/${kept.hash}.warc.gz`,
    ]);
    expect(await store.read(kept.hash)).toMatchObject({ url: capture.url, body: Buffer.from('<p>story') });
    expect(await store.read('0'.repeat(64))).toBeUndefined();
    expect(server.requests.filter(({ method }) => method === 'PUT')).toHaveLength(1);
  });

  it('is asked again while it is busy, and not for ever', async () => {
    const { server } = await bucket({ troubles: [503, 500, 429] });
    expect(await blobsOf(server).get('a')).toBeUndefined();
    expect(server.requests).toHaveLength(4);
    const broken = await bucket({ troubles: [503, 503, 503, 503] });
    await expect(blobsOf(broken.server).get('a')).rejects.toThrow('503 SlowDown');
  });

  it('that will not have us is told in one line, with where it is', async () => {
    const { server } = await bucket({ secret: 'another' });
    const store = snapshotStore(blobsOf(server));
    await expect(store.keep(capture)).rejects.toThrow(
      `cannot keep snapshots in s3://news at 127.0.0.1:${server.port}: it answers 403 SignatureDoesNotMatch`,
    );
    const other = await bucket();
    await expect(blobsOf(other.server, { bucket: 'nobody' }).get('a')).rejects.toThrow('404 NoSuchBucket');
    await expect(
      snapshotStore(
        s3Blobs({ bucket: 'news', prefix: '', region: 'x', endpoint: 'http://127.0.0.1:1', credentials }),
      ).keep(capture),
    ).rejects.toThrow(/s3:\/\/news at 127\.0\.0\.1:1: .*ECONNREFUSED/);
  });
});

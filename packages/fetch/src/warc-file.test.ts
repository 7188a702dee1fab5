import fc from 'fast-check';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readWarc, writeWarc } from './warc-file.ts';
import { captureOf, readRecord, warcInfo, warcResponse, type Capture } from './warc.ts';

const AT = new Date('2018-01-09T11:00:00Z');

const anyCapture: fc.Arbitrary<Capture> = fc.record({
  url: fc.webUrl({ withQueryParameters: true }),
  at: fc.date({ min: new Date('1996-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
  status: fc.integer({ min: 200, max: 599 }),
  headers: fc.dictionary(fc.stringMatching(/^x-[a-z]{1,10}$/), fc.stringMatching(/^[!-~]{0,20}$/), {
    noNullPrototype: true,
  }),
  body: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
});

async function* inPieces(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function* each<T>(items: Iterable<T>) {
  yield* items;
}

async function captures(bytes: Uint8Array, size = 1_000): Promise<Capture[]> {
  const found: Capture[] = [];
  for await (const capture of readWarc(inPieces(bytes, size))) found.push(capture);
  return found;
}

/** A response record around a block of HTTP written by hand. */
const recorded = (
  http: string,
  fields = 'WARC-Target-URI: http://example.org/a\r\nWARC-Date: 2018-01-09T11:00:00Z\r\nWARC-Type: response',
) =>
  Buffer.from(
    `WARC/1.0\r\n${fields}\r\nContent-Length: ${Buffer.byteLength(http, 'latin1')}\r\n\r\n${http}\r\n\r\n`,
    'latin1',
  );

describe('a record', () => {
  it('reads as it says: type, target, moment, digest, length', () => {
    const bytes = warcResponse({
      url: 'https://example.org/a',
      at: AT,
      status: 404,
      headers: { server: 'x' },
      body: Buffer.from('gone'),
    });
    expect(bytes.toString()).toBe(
      [
        'WARC/1.1',
        'WARC-Type: response',
        'WARC-Record-ID: <urn:uuid:@>',
        'WARC-Target-URI: https://example.org/a',
        'WARC-Date: 2018-01-09T11:00:00.000Z',
        'WARC-Block-Digest: sha1:XFFW2F4W5FSKGGJNLM6ID6V54FAPETWQ',
        'WARC-Payload-Digest: sha1:U3P55KR2ISSMKLKEFBEEPVYWBCJLIAL6',
        'Content-Type: application/http;msgtype=response',
        'Content-Length: 60',
        '',
        'HTTP/1.1 404 Not Found',
        'server: x',
        'content-length: 4',
        '',
        'gone',
        '',
        '',
      ]
        .join('\r\n')
        .replace(
          '@',
          /urn:uuid:([0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})/.exec(
            bytes.toString(),
          )?.[1] ?? 'none',
        ),
    );
  });

  it('keeps how the body travelled out of the way of how it is kept', () => {
    const headers = { 'content-encoding': 'gzip', 'transfer-encoding': 'chunked', 'content-length': '9' };
    const text = warcResponse({
      url: 'https://example.org/',
      at: AT,
      status: 200,
      headers,
      body: Buffer.from('plain'),
    }).toString();
    expect(text).toContain(
      '\r\nx-archive-orig-content-encoding: gzip\r\nx-archive-orig-transfer-encoding: chunked\r\n',
    );
    expect(text).toContain('\r\ncontent-length: 5\r\n\r\nplain');
  });

  it('has an id of its own for each capture, and the same one whenever it is written', () => {
    const idOf = (at: Date) =>
      /urn:uuid:[0-9a-f-]+/.exec(
        warcResponse({ url: 'http://a/', at, status: 200, headers: {}, body: Buffer.of() }).toString(),
      )?.[0];
    expect(idOf(AT)).toBe(idOf(new Date(AT)));
    expect(idOf(AT)).not.toBe(idOf(new Date('2018-01-10T00:00:00Z')));
  });

  it('cannot be broken by a header with a line break', () => {
    const bytes = warcResponse({
      url: 'https://example.org/\r\nX: y',
      at: AT,
      status: 200,
      headers: { a: 'b\r\n\r\n<p>' },
      body: Buffer.of(),
    });
    const record = readRecord(bytes);
    expect(record && captureOf(record)).toMatchObject({ headers: { a: 'b <p>' } });
  });
});

describe('a WARC file', () => {
  it('gives back what was written, in whichever pieces it comes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyCapture, { maxLength: 5 }), fc.integer({ min: 1, max: 700 }), async (kept, size) => {
        const file = await buffer(
          writeWarc(AT, { software: 'Throughline' }, each(kept.map((capture) => gzipSync(warcResponse(capture))))),
        );
        const plain = Buffer.concat([warcInfo(AT, {}), ...kept.map(warcResponse)]);
        for (const bytes of [file, plain]) {
          const read = await captures(bytes, size);
          expect(read.map(({ url, at, status, body }) => ({ url, at, status, body: Buffer.from(body) }))).toEqual(
            kept.map(({ url, at, status, body }) => ({ url, at, status, body })),
          );
          for (const [index, { headers }] of read.entries()) expect(headers).toMatchObject(kept[index]?.headers ?? {});
        }
      }),
      { numRuns: 50 },
    );
  });

  it('passes over records that are no answers of HTTP', async () => {
    const dns = recorded(
      '20180109 IN A 192.0.2.1',
      'WARC-Type: response\r\nWARC-Target-URI: dns:example.org\r\nWARC-Date: 2018-01-09T11:00:00Z',
    );
    const request = recorded(
      'GET / HTTP/1.1\r\n\r\n',
      'WARC-Type: request\r\nWARC-Target-URI: http://example.org/\r\nWARC-Date: 2018-01-09T11:00:00Z',
    );
    expect(await captures(Buffer.concat([dns, request, recorded('HTTP/1.0 200 OK\r\n\r\n<p>')]))).toMatchObject([
      { status: 200 },
    ]);
  });

  it('reads what other writers keep as it travelled', async () => {
    const packed = gzipSync('<p>story').toString('latin1');
    const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
    const both = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n${chunk(packed.slice(0, 9))}${chunk(packed.slice(9))}0\r\n\r\n`;
    const undone = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n<p>story';
    const bracketed =
      'WARC-Target-URI: <http://example.org/a>\r\nWARC-Date: 2018-01-09T11:00:00Z\r\nWARC-Type: response';
    const read = await captures(Buffer.concat([recorded(both), recorded(undone, bracketed)]));
    expect(read.map(({ url, body }) => [url, Buffer.from(body).toString()])).toEqual(
      Array(2).fill(['http://example.org/a', '<p>story']),
    );
  });

  it('says where a file is none, or ends too early', async () => {
    await expect(captures(Buffer.from('<html>'))).rejects.toThrow('the WARC file ends in the middle of a record');
    await expect(captures(Buffer.from('<html><p>no record at all'))).rejects.toThrow(
      'not a WARC record: it begins with "<html><p>no record at all"',
    );
    await expect(captures(recorded('HTTP/1.1 200 OK\r\n\r\nx').subarray(0, -5))).rejects.toThrow('ends in the middle');
    await expect(captures(Buffer.from('WARC/1.0\r\nA: b\r\n\r\n'))).rejects.toThrow('it has no Content-Length');
    await expect(captures(Buffer.from(`WARC/1.0\r\n${'a: b\r\n'.repeat(20_000)}`))).rejects.toThrow(
      'its head has more than',
    );
    const file = gzipSync(recorded('HTTP/1.1 200 OK\r\n\r\nx'));
    await expect(captures(file.subarray(0, -12))).rejects.toThrow();
    expect(await captures(Buffer.of())).toEqual([]);
  });

  it('closes the file that nobody reads on', async () => {
    let closed = false;
    async function* file() {
      try {
        for (;;) yield gzipSync(recorded('HTTP/1.1 200 OK\r\n\r\nx'));
      } finally {
        closed = true;
      }
    }
    for await (const capture of readWarc(file())) if (capture.status === 200) break;
    await new Promise(setImmediate);
    expect(closed).toBe(true);
  });

  it('passes over a record that is too long for any page, in little memory', async () => {
    const size = 200 * 1024 * 1024;
    const chunk = Buffer.alloc(1024 * 1024);
    async function* long() {
      yield Buffer.from(`WARC/1.0\r\nWARC-Type: response\r\nContent-Length: ${size}\r\n\r\n`);
      for (let sent = 0; sent < size; sent += 1024 * 1024) yield chunk;
      yield Buffer.from('\r\n\r\n');
      yield recorded('HTTP/1.1 200 OK\r\n\r\nafter it');
    }
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const found: Capture[] = [];
    for await (const capture of readWarc(long())) {
      found.push(capture);
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }
    expect(found).toMatchObject([{ body: Buffer.from('after it') }]);
    expect(most).toBeLessThan(20 * 1024 * 1024);
  });
});

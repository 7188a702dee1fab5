import { isPublicAddress } from '@throughline/core';
import fc from 'fast-check';
import { createSocket } from 'node:dgram';
import type { LookupAddress } from 'node:dns';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { createGuard, FORBIDDEN, type Guard } from './guard.ts';
import { createLookup } from './resolve.ts';

function lookUp(guard: Guard, options: { all?: boolean; family?: number | 'IPv4' | 'IPv6' } = { all: true }) {
  return new Promise<LookupAddress[]>((done, fail) => {
    guard.lookup('name.example.org', { all: false, ...options }, (error, found, family) => {
      if (error) fail(error);
      else done(typeof found === 'string' ? [{ address: found, family: family ?? 0 }] : [...found]);
    });
  });
}

const guardFor = (...found: [address: string, family: number][]) =>
  createGuard({ lookup: () => Promise.resolve(found.map(([address, family]) => ({ address, family }))) });

describe('the look-up at connect time', () => {
  it('keeps the public addresses of a name that has others too', async () => {
    const guard = guardFor(['10.0.0.1', 4], ['8.8.8.8', 4], ['::1', 6], ['2620:0:ccc::2', 6]);
    expect(await lookUp(guard)).toEqual([
      { address: '8.8.8.8', family: 4 },
      { address: '2620:0:ccc::2', family: 6 },
    ]);
    expect(await lookUp(guard, {})).toEqual([{ address: '8.8.8.8', family: 4 }]);
    expect(await lookUp(guard, { family: 6 })).toEqual([{ address: '2620:0:ccc::2', family: 6 }]);
    expect(await lookUp(guard, { all: true, family: 'IPv4' })).toEqual([{ address: '8.8.8.8', family: 4 }]);
  });

  it('tells a name that leads nowhere public from one that leads nowhere', async () => {
    await expect(lookUp(guardFor(['192.168.1.1', 4], ['fe80::1', 6]))).rejects.toMatchObject({
      code: FORBIDDEN,
      message: '"name.example.org" leads to 192.168.1.1, fe80::1, which is not public',
    });
    await expect(lookUp(guardFor())).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  it('lets no address through that is not public, whatever a resolver says', async () => {
    const anyAddress = fc.oneof(fc.ipV4(), fc.ipV4Extended(), fc.ipV6(), fc.string({ maxLength: 10 }));
    await fc.assert(
      fc.asyncProperty(fc.array(anyAddress), async (found) => {
        const guard = createGuard({
          lookup: () => Promise.resolve(found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))),
        });
        const kept = await lookUp(guard).catch(() => []);
        expect(kept.map(({ address }) => address)).toEqual(found.filter(isPublicAddress));
      }),
    );
  });
});

describe('the look at a URL', () => {
  const allowed = (url: string, options = {}) => createGuard(options).problem(new URL(url)) === undefined;

  it('finds the ports of the web, and those that are allowed', () => {
    expect(
      ['http://example.org/', 'https://example.org:443/', 'http://example.org:443/'].every((url) => allowed(url)),
    ).toBe(true);
    expect(allowed('http://example.org:8080/')).toBe(false);
    expect(allowed('http://example.org:8080/', { allowPorts: [8080] })).toBe(true);
    expect(allowed('http://example.org:9/', { allowPorts: 'any' })).toBe(true);
  });

  it('opens loopback in all its spellings where it is told to, and only loopback', () => {
    const open = { allowLoopback: true };
    for (const url of [
      'http://localhost:1/',
      'http://a.localhost/',
      'http://127.9.9.9:81/',
      'http://[::1]:1/',
      'http://0x7f.1/',
    ]) {
      expect(allowed(url, open), url).toBe(true);
      expect(allowed(url), url).toBe(false);
    }
    for (const url of ['http://0.0.0.0/', 'http://10.0.0.1/', 'http://[::2]/', 'http://u:p@localhost/'])
      expect(allowed(url, open), url).toBe(false);
  });

  it('agrees with what a connection to the literal would do', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.ipV4Extended(),
          fc.ipV6().map((ip) => `[${ip}]`),
        ),
        (literal) => {
          fc.pre(URL.canParse(`http://${literal}/`));
          const url = new URL(`http://${literal}/`);
          expect(createGuard().problem(url) === undefined).toBe(isPublicAddress(url.hostname));
        },
      ),
    );
  });
});

/** A name server that answers A questions for one name, and nothing at all for others. */
async function nameServer(name: string, address: readonly number[]) {
  const socket = createSocket('udp4').on('message', (question, from) => {
    if (!question.includes(Buffer.from(name.split('.')[0] ?? ''))) return;
    const isA = question.readUInt16BE(question.indexOf(0, 12) + 1) === 1;
    const header = Buffer.from(question.subarray(0, 12));
    header.writeUInt16BE(0x8180, 2);
    header.writeUInt16BE(isA ? 1 : 0, 6);
    header.writeUInt16BE(0, 10);
    const asked = question.subarray(12, question.indexOf(0, 12) + 5);
    const answer = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address]);
    socket.send(Buffer.concat([header, asked, ...(isA ? [answer] : [])]), from.port, from.address);
  });
  await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done));
  return { at: `127.0.0.1:${socket.address().port}`, [Symbol.dispose]: () => void socket.close() };
}

describe('the names', () => {
  it('are asked of the name servers, without holding up other work while some do not answer', async () => {
    using server = await nameServer('answers.example.org', [192, 0, 2, 7]);
    const lookup = createLookup([server.at]);
    const silent = Array.from({ length: 20 }, (_, index) =>
      lookup(`silent${index}.example.org`).catch((error: Error) => error),
    );
    const started = performance.now();
    expect(await lookup('answers.example.org')).toEqual([{ address: '192.0.2.7', family: 4 }]);
    await readFile(new URL(import.meta.url));
    expect(performance.now() - started).toBeLessThan(1_500);
    expect(silent).toHaveLength(20);
  });

  it('of this machine are known to the system alone', async () => {
    using server = await nameServer('answers.example.org', [192, 0, 2, 7]);
    expect(await createLookup([server.at])('localhost')).toContainEqual({ address: '127.0.0.1', family: 4 });
  });
});

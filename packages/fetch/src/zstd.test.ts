import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { extentOf, unpackZstd, zstdIsReady } from './zstd.ts';

beforeAll(zstdIsReady);

const NEWS = '<p>news of the town</p> '.repeat(30);
/** A frame with one compressed block and a checksum, as `zstd` writes it. */
const PACKED = Buffer.from('KLUv/QRYBQEAwDxwPm5ld3Mgb2YgdGhlIHRvd248L3A+IAEA1NpqjgHb0mxA', 'base64');
/** A frame of nothing; one that readers pass over; one whose block is an `a` a hundred times. */
const EMPTY = Buffer.from('KLUv/SQAAQAAmenYUQ==', 'base64');
const SKIPPED = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
const REPEATED = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, 100, ((100 << 3) & 0xff) | 3, 100 >> 5, 0, 0x61]);

const unpack = (bytes: Uint8Array, maxOutputLength = 10_000) => unpackZstd(bytes, { maxOutputLength });
const text = (bytes: Uint8Array, maxBytes?: number): string => Buffer.from(unpack(bytes, maxBytes)).toString();
const code = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
};

describe('frames of Zstandard', () => {
  it('are unpacked one after another, those without content too', () => {
    expect(text(PACKED)).toBe(NEWS);
    expect(text(EMPTY)).toBe('');
    expect(text(REPEATED)).toBe('a'.repeat(100));
    expect(text(Buffer.concat([SKIPPED, PACKED, EMPTY, REPEATED, SKIPPED]))).toBe(NEWS + 'a'.repeat(100));
  });

  it('are measured before: blocks that repeat a byte or stand as they are exactly, others by what a block may be', () => {
    expect(extentOf(REPEATED)).toEqual({ least: 100, most: 100 });
    expect(extentOf(Buffer.concat([REPEATED, PACKED, SKIPPED]))).toEqual({ least: 100, most: 100 + 128 * 1024 });
  });

  it('are refused where they hold more than wanted, however they say so', () => {
    expect(text(PACKED, NEWS.length)).toBe(NEWS);
    expect(code(() => unpack(PACKED, NEWS.length - 1))).toBe('ERR_BUFFER_TOO_LARGE');
    expect(code(() => unpack(REPEATED, 99))).toBe('ERR_BUFFER_TOO_LARGE');
  });

  it('are damaged where they are cut, whatever byte is the last', () => {
    for (let end = 1; end < PACKED.length; end++)
      expect(code(() => unpack(PACKED.subarray(0, end)))).toBe('Z_DATA_ERROR');
  });

  it('end in their content or a known error, whatever bytes are changed', () => {
    const change = fc.tuple(fc.nat(PACKED.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), (changes) => {
        const bytes = Buffer.from(PACKED);
        for (const [at, value] of changes) bytes[at] = value;
        const ending = code(() => text(bytes));
        expect([NEWS, 'Z_DATA_ERROR', 'ERR_BUFFER_TOO_LARGE']).toContain(ending);
      }),
      { numRuns: 2_000 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loggable, storableError, wellFormed } from './well-formed.ts';

/** Any UTF-16, lone surrogates and NULs often among it. */
const anyText = fc
  .array(fc.oneof(fc.constantFrom('\0', '\ud800', '\udfff', '😀', 'a'), fc.string({ unit: 'binary' })))
  .map((parts) => parts.join(''));
const anyPayload = fc.object({ key: anyText, values: [anyText, fc.integer(), fc.boolean(), fc.constant(null)] });

describe('wellFormed', () => {
  it('leaves nothing that Postgres cannot store, however deep', () => {
    fc.assert(
      fc.property(anyPayload, (payload) => {
        const text = JSON.stringify(wellFormed(payload));
        expect(text).not.toMatch(/\\u0000|\\ud[89a-f]/i); // JSON escapes lone surrogates, and only those
      }),
    );
  });

  it('changes nothing else, and nothing twice', () => {
    fc.assert(
      fc.property(fc.jsonValue(), anyPayload, (clean, any) => {
        const once = wellFormed(any);
        expect(wellFormed(once)).toEqual(once);
        if (!/\\u0000|\\ud[89a-f]/i.test(JSON.stringify(clean))) expect(wellFormed(clean)).toEqual(clean);
      }),
    );
  });
});

describe('storableError', () => {
  it('keeps name, message and cause within bounds', () => {
    const cause = new TypeError(`a\0b${'x'.repeat(100_000)}`);
    const error = storableError(cause);
    expect(error.name).toBe('TypeError');
    expect(error.message.startsWith('abxxx')).toBe(true);
    expect(error.message.length).toBe(2_000);
    expect(error.stack?.length).toBeLessThanOrEqual(8_000);
    expect(error.cause).toBe(cause);
  });

  it('makes an error of whatever else is thrown', () => {
    expect(storableError('just text').message).toBe('just text');
    expect(storableError(undefined).message).toBe('undefined');
    expect(storableError(new RangeError()).message).toBe('RangeError');
  });
});

describe('loggable', () => {
  it('leaves what a driver hangs on its errors', () => {
    const error = Object.assign(new Error('gone'), { code: '57P01', client: { password: 'secret' } });
    expect(loggable(error)).toEqual({ message: 'gone', code: '57P01', stack: expect.stringContaining('gone') });
  });
});

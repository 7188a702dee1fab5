import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPublicAddress, parseAddress, specialKind } from './address.ts';

const anyIpv4 = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));
const numberOf = (bytes: readonly number[]) => bytes.reduce((sum, byte) => sum * 256 + byte, 0);
const spell = (number: number, base: 'decimal' | 'octal' | 'hexadecimal') =>
  base === 'decimal' ? `${number}` : base === 'octal' ? `0${number.toString(8)}` : `0x${number.toString(16)}`;

describe('parseAddress', () => {
  it('reads every spelling of an IPv4 address as the C library does', () => {
    const base = fc.constantFrom('decimal' as const, 'octal' as const, 'hexadecimal' as const);
    fc.assert(
      fc.property(anyIpv4, fc.array(base, { minLength: 4, maxLength: 4 }), fc.nat(3), (bytes, bases, whole) => {
        const parts = [...bytes.slice(0, whole), numberOf(bytes.slice(whole))];
        const literal = parts.map((part, index) => spell(part, bases[index] ?? 'decimal')).join('.');
        expect(parseAddress(literal), literal).toEqual(bytes);
      }),
    );
  });

  it('reads what a URL reads', () => {
    fc.assert(
      fc.property(fc.ipV6(), (literal) => {
        const canonical = new URL(`http://[${literal}]/`).hostname;
        expect(parseAddress(canonical)).toEqual(parseAddress(literal));
        expect(parseAddress(literal)).toHaveLength(16);
      }),
    );
  });

  it.each([
    '',
    'example.org',
    '256.1.1.1',
    '1.2.3.4.5',
    '4294967296',
    '08.1.1.1',
    '1:2:3',
    ':::',
    '1::2::3',
    '::1.2.3',
    '12345::',
  ])('sees no address in %j', (literal) => {
    expect(parseAddress(literal)).toBeUndefined();
  });
});

describe('isPublicAddress', () => {
  it.each([
    ['8.8.8.8'],
    ['172.15.255.255'],
    ['172.32.0.1'],
    ['100.63.255.255'],
    ['192.0.1.1'],
    ['2620:0:ccc::2'],
    ['64:ff9b::8.8.8.8'],
    ['::ffff:8.8.8.8'],
    ['2002:808:808::1'],
  ])('lets %s through', (ip) => {
    expect(isPublicAddress(ip)).toBe(true);
  });

  it.each([
    ['0.0.0.0', 'unspecified'],
    ['10.0.0.1', 'private'],
    ['100.64.0.1', 'carrier-grade NAT'],
    ['127.0.0.1', 'loopback'],
    ['127.1', 'loopback'],
    ['0177.0.0.1', 'loopback'],
    ['0x7f.1', 'loopback'],
    ['2130706433', 'loopback'],
    ['169.254.169.254', 'link-local'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.0.2.1', 'documentation'],
    ['192.168.255.1', 'private'],
    ['198.19.0.1', 'benchmarking'],
    ['224.0.0.1', 'multicast'],
    ['255.255.255.255', 'reserved'],
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['[::1]', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:7f00:1', 'loopback'],
    ['::127.0.0.1', 'reserved'],
    ['64:ff9b::10.0.0.1', 'private'],
    ['64:ff9b:1::1', 'private'],
    ['2002:7f00:1::1', 'loopback'],
    ['2001:0:4136:e378:8000:63bf:3fff:fdd2', 'reserved'],
    ['2001:db8::1', 'documentation'],
    ['3fff:fff::1', 'documentation'],
    ['fd00::1', 'private'],
    ['fe80::1%eth0', 'link-local'],
    ['ff02::1', 'multicast'],
    ['4000::1', 'reserved'],
    ['2400:cb00::5efe:127.0.0.1', 'loopback'],
  ])('stops %s: %s', (ip, kind) => {
    expect(isPublicAddress(ip)).toBe(false);
    expect(specialKind(parseAddress(ip) ?? [])).toBe(kind);
  });

  it('says the same of an IPv4 address in whichever IPv6 prefix it is wrapped', () => {
    fc.assert(
      fc.property(anyIpv4, (bytes) => {
        const dotted = bytes.join('.');
        const hex = bytes
          .map((byte) => byte.toString(16).padStart(2, '0'))
          .join('')
          .replace(/^(.{4})/, '$1:');
        const plain = isPublicAddress(dotted);
        expect(isPublicAddress(`::ffff:${dotted}`)).toBe(plain);
        expect(isPublicAddress(`64:ff9b::${dotted}`)).toBe(plain);
        expect(isPublicAddress(`2002:${hex}::`)).toBe(plain);
      }),
    );
  });
});

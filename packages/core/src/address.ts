/** An IP address as its bytes: 4 for IPv4, 16 for IPv6. */
export type Address = readonly number[];

/**
 * Reads an IP literal in any spelling that a resolver or a C library accepts:
 * dotted IPv4 with decimal, octal (`0177.0.0.1`) or hexadecimal parts and with
 * parts left out (`127.1`, `2130706433`), IPv6 with or without brackets and
 * with an IPv4 tail. A zone (`fe80::1%eth0`) is ignored. Undefined for a name.
 */
export function parseAddress(literal: string): Address | undefined {
  if (literal.length > 128) return undefined;
  const bare = literal.replace(/^\[|\]$/g, '').replace(/%.*$/s, '');
  return bare.includes(':') ? parseIpv6(bare) : parseIpv4(bare);
}

/** As inet_aton: one to four parts, each decimal, octal or hexadecimal, the last one filling what is left. */
function parseIpv4(text: string): Address | undefined {
  const parts = text.replace(/\.$/, '').split('.');
  if (parts.length > 4) return undefined;
  const numbers = parts.map(parsePart);
  const last = numbers.pop();
  if (last === undefined || numbers.some((number) => number === undefined || number > 255)) return undefined;
  const room = 4 - numbers.length;
  if (last >= 256 ** room) return undefined;
  const tail = Array.from({ length: room }, (_, index) => Math.floor(last / 256 ** (room - 1 - index)) % 256);
  return [...(numbers as number[]), ...tail];
}

function parsePart(part: string): number | undefined {
  if (/^0x[0-9a-f]{0,12}$/i.test(part)) return part.length === 2 ? 0 : Number.parseInt(part.slice(2), 16);
  if (/^0[0-7]{1,15}$/.test(part)) return Number.parseInt(part, 8);
  return /^(?:0|[1-9]\d{0,11})$/.test(part) ? Number(part) : undefined;
}

function parseIpv6(text: string): Address | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = groups(halves[0] ?? '');
  const tail = halves.length === 2 ? groups(halves[1] ?? '') : [];
  if (!head || !tail) return undefined;
  const missing = 16 - head.length - tail.length;
  if (halves.length === 2 ? missing < 2 : missing !== 0) return undefined;
  return [...head, ...Array.from({ length: missing }, () => 0), ...tail];
}

/** The bytes of colon-separated groups, the last of which may be a dotted IPv4 address. */
function groups(text: string): number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  if (parts.length > 8) return undefined;
  const bytes: number[] = [];
  for (const [index, part] of parts.entries()) {
    if (part.includes('.')) {
      const ipv4 = index === parts.length - 1 && /^\d+(\.\d+){3}$/.test(part) ? parseIpv4(part) : undefined;
      if (!ipv4) return undefined;
      bytes.push(...ipv4);
    } else {
      if (!/^[0-9a-f]{1,4}$/i.test(part)) return undefined;
      const value = Number.parseInt(part, 16);
      bytes.push(value >> 8, value & 255);
    }
  }
  return bytes;
}

/**
 * Ranges that no public server lives in, from IANA's special-purpose address
 * registries (RFC 6890 and its updates), with the word that a person is told.
 */
const IPV4_RANGES: readonly (readonly [range: string, kind: string])[] = [
  ['0.0.0.0/8', 'unspecified'],
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', 'carrier-grade NAT'],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'link-local'],
  ['172.16.0.0/12', 'private'],
  ['192.0.0.0/24', 'reserved'],
  ['192.0.2.0/24', 'documentation'],
  ['192.88.99.0/24', 'reserved'],
  ['192.168.0.0/16', 'private'],
  ['198.18.0.0/15', 'benchmarking'],
  ['198.51.100.0/24', 'documentation'],
  ['203.0.113.0/24', 'documentation'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'reserved'],
];

const IPV6_RANGES: readonly (readonly [range: string, kind: string])[] = [
  ['::/128', 'unspecified'],
  ['::1/128', 'loopback'],
  ['64:ff9b:1::/48', 'private'],
  ['fc00::/7', 'private'],
  ['fe80::/10', 'link-local'],
  ['fec0::/10', 'private'],
  ['ff00::/8', 'multicast'],
  ['2001:db8::/32', 'documentation'],
  ['3fff::/20', 'documentation'],
  ['2001::/23', 'reserved'],
];

/** Prefixes whose addresses carry an IPv4 address, and where in the bytes it is. */
const EMBEDDING: readonly (readonly [range: string, offset: number])[] = [
  ['::ffff:0:0/96', 12], // IPv4-mapped, RFC 4291
  ['64:ff9b::/96', 12], // NAT64, RFC 6052
  ['2002::/16', 2], // 6to4, RFC 3056
];

const compile = <T>([range, value]: readonly [string, T]) => {
  const [base = '', bits = '0'] = range.split('/');
  return { base: parseAddress(base) ?? [], bits: Number(bits), value };
};
const ipv4Ranges = IPV4_RANGES.map(compile);
const ipv6Ranges = IPV6_RANGES.map(compile);
const embedding = EMBEDDING.map(compile);
const globalUnicast = compile(['2000::/3', '']);

interface Range {
  base: Address;
  bits: number;
}

function within(address: Address, { base, bits }: Range): boolean {
  const whole = bits >> 3;
  for (let index = 0; index < whole; index++) if (address[index] !== base[index]) return false;
  const rest = 8 - (bits & 7);
  return rest === 8 || (address[whole] ?? 0) >> rest === (base[whole] ?? 0) >> rest;
}

/** What keeps an address from being a public server's (`private`, `loopback`, …); undefined for a public one. */
export function specialKind(address: Address): string | undefined {
  if (address.length === 4) return ipv4Ranges.find((range) => within(address, range))?.value;
  const carrier = embedding.find((range) => within(address, range));
  if (carrier) return specialKind(address.slice(carrier.value, carrier.value + 4));
  const special = ipv6Ranges.find((range) => within(address, range))?.value;
  return special ?? (within(address, globalUnicast) ? isatap(address) : 'reserved');
}

/** ISATAP (RFC 5214): the interface id is `[02]00:5efe` and an IPv4 address. */
function isatap(address: Address): string | undefined {
  const [flags = 0, zero, high, low] = address.slice(8, 12);
  const tunnels = (flags & ~3) === 0 && zero === 0 && high === 0x5e && low === 0xfe;
  return tunnels ? specialKind(address.slice(12)) : undefined;
}

/** Whether a public server can live at `ip`, any literal that `parseAddress` reads. False for a name. */
export function isPublicAddress(ip: string): boolean {
  const address = parseAddress(ip);
  return address !== undefined && specialKind(address) === undefined;
}

import { createHash } from 'node:crypto';
import { STATUS_CODES } from 'node:http';

/** An answer as it is kept: the decompressed body, and the headers it came with. */
export interface Capture {
  url: string;
  at: Date;
  status: number;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
}

/**
 * Headers that say how the body travelled, which is no longer how it is kept;
 * other archives keep them under this prefix too.
 */
const TRAVEL_HEADERS = new Set(['content-encoding', 'content-length', 'transfer-encoding', 'connection', 'keep-alive']);
const ORIGINAL = 'x-archive-orig-';

/** One uncompressed `response` record of WARC 1.1 (ISO 28500:2017). The same capture always gives the same bytes. */
export function warcResponse({ url, at, status, headers, body }: Capture): Buffer {
  const fields = Object.entries(headers).map(
    ([name, value]) => `${TRAVEL_HEADERS.has(name) ? ORIGINAL : ''}${name}: ${oneLine(value)}`,
  );
  const statusLine = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}`;
  const http = Buffer.from(
    `${[statusLine, ...fields, `content-length: ${body.length}`].join('\r\n')}\r\n\r\n`,
    'latin1',
  );
  const block = Buffer.concat([http, body]);
  const date = at.toISOString();
  return record(
    {
      'WARC-Type': 'response',
      'WARC-Record-ID': recordId(`${date} ${url}`, block),
      'WARC-Target-URI': oneLine(url),
      'WARC-Date': date,
      'WARC-Block-Digest': digest(block),
      'WARC-Payload-Digest': digest(body),
      'Content-Type': 'application/http;msgtype=response',
    },
    block,
  );
}

/** The record that opens a file and says what made it. `fields` are those of the spec, as `software` or `operator`. */
export function warcInfo(at: Date, fields: Readonly<Record<string, string>>): Buffer {
  const text = Object.entries({ format: 'WARC File Format 1.1', ...fields }).map(
    ([name, value]) => `${name}: ${oneLine(value)}\r\n`,
  );
  const block = Buffer.from(text.join(''));
  const date = at.toISOString();
  return record(
    {
      'WARC-Type': 'warcinfo',
      'WARC-Record-ID': recordId(date, block),
      'WARC-Date': date,
      'Content-Type': 'application/warc-fields',
    },
    block,
  );
}

function record(fields: Readonly<Record<string, string>>, block: Uint8Array): Buffer {
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
  const head = ['WARC/1.1', ...lines, `Content-Length: ${block.length}`].join('\r\n');
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`), block, Buffer.from('\r\n\r\n')]);
}

/** As the tools of web archives write and check it: SHA-1 in Base32. */
const digest = (bytes: Uint8Array): string => `sha1:${base32(createHash('sha1').update(bytes).digest())}`;

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648, 6, for whole groups of five bytes, as the 20 of SHA-1 are. */
function base32(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return bits.replace(/.{5}/g, (five) => BASE32.charAt(Number.parseInt(five, 2)));
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes);
const oneLine = (value: string): string => value.replace(/[\r\n]+/g, ' ');

/** A UUID (version 8, RFC 9562) made of a hash, so that a record keeps its id wherever it is written again. */
function recordId(name: string, block: Uint8Array): string {
  const bytes = sha256(block).update(name).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `<urn:uuid:${hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}>`;
}

/** A record as read: its WARC fields in lower case, and its block. */
export interface WarcRecord {
  fields: Readonly<Record<string, string>>;
  block: Buffer;
}

/** The head of a record that `bytes` begin with, and where its block starts; undefined while more bytes are needed. Throws on what is no WARC. */
export function readHead(bytes: Buffer): { fields: Record<string, string>; start: number; length: number } | undefined {
  const end = bytes.subarray(0, MAX_HEAD).indexOf('\r\n\r\n');
  const [version = '', ...lines] = bytes
    .toString('utf8', 0, end < 0 ? Math.min(bytes.length, MAX_HEAD) : end)
    .split('\r\n');
  if (!VERSION.test(version.slice(0, 8)) && (end >= 0 || bytes.length >= 8)) {
    throw new Error(`not a WARC record: it begins with ${JSON.stringify(version.slice(0, 40))}`);
  }
  if (end < 0) {
    if (bytes.length > MAX_HEAD) throw new Error(`not a WARC record: its head has more than ${MAX_HEAD} bytes`);
    return undefined;
  }
  const fields = parseFields(lines);
  if (!/^\d{1,15}$/.test(fields['content-length'] ?? ''))
    throw new Error('not a WARC record: it has no Content-Length');
  return { fields, start: end + 4, length: Number(fields['content-length']) };
}

const VERSION = /^WARC\/[01]\.\d$/;
const MAX_HEAD = 64 * 1024;

function parseFields(lines: readonly string[]): Record<string, string> {
  const fields = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return Object.fromEntries(fields);
}

/** The one record that `bytes` hold; undefined where they hold less. */
export function readRecord(bytes: Buffer): WarcRecord | undefined {
  const head = readHead(bytes);
  if (!head || bytes.length < head.start + head.length) return undefined;
  return { fields: head.fields, block: bytes.subarray(head.start, head.start + head.length) };
}

/** The capture in a `response` record of HTTP, as it is on record; undefined for any other. */
export function captureOf({ fields, block }: WarcRecord): Capture | undefined {
  const url = fields['warc-target-uri']?.replace(/^<|>$/g, ''); // some writers of WARC 1.0 put it in angle brackets
  const at = new Date(fields['warc-date'] ?? Number.NaN);
  if (fields['warc-type'] !== 'response' || url === undefined || Number.isNaN(at.getTime())) return undefined;
  const headEnd = block.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = block.toString('latin1', 0, Math.max(headEnd, 0)).split('\r\n');
  const status = Number(/^HTTP\/\d(?:\.\d)? (\d{3})/.exec(statusLine)?.[1] ?? Number.NaN);
  if (headEnd < 0 || Number.isNaN(status)) return undefined;
  return { url, at, status, headers: parseFields(lines), body: block.subarray(headEnd + 4) };
}

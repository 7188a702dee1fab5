import * as zlib from 'node:zlib';
import { unpackZstd, zstdIsReady } from './zstd.ts';

/** Options of the one-shot functions; `maxOutputLength` is what holds a bomb. */
interface Limits {
  maxOutputLength: number;
  chunkSize: number;
  /** Takes what is there of a stream that was cut. */
  finishFlush?: number;
}

type Decode = (bytes: Uint8Array, limits: Limits) => Uint8Array;

const inflate: Decode = (bytes, limits) =>
  // `deflate` should have zlib's header, but some servers send the bare stream: RFC 9110, 8.4.1.2.
  ((bytes[0] ?? 0) & 0x0f) === 8 && (((bytes[0] ?? 0) << 8) + (bytes[1] ?? 0)) % 31 === 0
    ? zlib.inflateSync(bytes, limits)
    : zlib.inflateRawSync(bytes, limits);

const DECODERS: Readonly<Record<string, Decode>> = {
  gzip: (bytes, limits) => (isGzip(bytes) ? zlib.gunzipSync(bytes, limits) : Buffer.from(bytes)),
  deflate: inflate,
  br: (bytes, limits) => zlib.brotliDecompressSync(bytes, limits),
  zstd: unpackZstd,
};

/** The Accept-Encoding header: exactly what `decompress` can undo. */
export const ACCEPT_ENCODING = Object.keys(DECODERS).join(', ');

/** Codings that exist and that we cannot undo; any other unknown word is a server's mistake (`utf-8`, `none`) for no coding. */
const FOREIGN = new Set(['compress', 'x-compress', 'exi', 'pack200-gzip', 'aes128gcm', 'dcb', 'dcz']);
const MAX_CODINGS = 3;

/** How decompression ended: `size` where the result passes the limit, `encoding` for a coding we cannot undo, `corrupt` for bytes that are not it. */
export type Decompressed =
  { body: Uint8Array; cut: boolean } | { problem: 'size' | 'encoding' | 'corrupt'; detail: string };

export interface Bounds {
  /** Most bytes of any layer. */
  maxBytes: number;
  /** Whether the bytes may have been cut, and the result may be. */
  cut: boolean;
}

/** How far over the limit a result may be that is to be cut: one-shot functions give all or nothing. */
const CUT_ROOM = 8;
/** Unpacking a page in one piece takes a third less time than in the default of 16 KiB. */
const CHUNK = 256 * 1024;

/** Undoes a Content-Encoding header's codings in bounded memory. */
export async function decompress(
  bytes: Uint8Array,
  header: string | undefined,
  { maxBytes, cut }: Bounds,
): Promise<Decompressed> {
  const named = (header ?? '').slice(0, 1000).toLowerCase().split(',');
  const codings = named.map((coding) => coding.trim().replace(/^x-gzip$/, 'gzip')).filter((coding) => isCoding(coding));
  if (codings.length > MAX_CODINGS || codings.some((coding) => !Object.hasOwn(DECODERS, coding))) {
    return { problem: 'encoding', detail: `Content-Encoding: ${header?.slice(0, 100)}` };
  }
  if (codings.includes('zstd')) await zstdIsReady();
  const limits: Limits = { maxOutputLength: cut ? maxBytes * CUT_ROOM : maxBytes, chunkSize: CHUNK };
  try {
    let body = bytes;
    for (const coding of codings.reverse())
      body = decode(coding, body, cut ? { ...limits, ...FINISH[coding] } : limits);
    return body.length > maxBytes ? { body: body.subarray(0, maxBytes), cut: true } : { body, cut: false };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE')
      return { problem: 'size', detail: `more than ${maxBytes} bytes when unpacked` };
    return { problem: 'corrupt', detail: `Content-Encoding: ${codings.join(', ')}: ${message}` };
  }
}

const isCoding = (word: string): boolean => Object.hasOwn(DECODERS, word) || FOREIGN.has(word);

const decode = (coding: string, bytes: Uint8Array, limits: Limits): Uint8Array =>
  (bytes.length > 0 && DECODERS[coding]?.(bytes, limits)) || bytes;

const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH } = zlib.constants;
const FINISH: Readonly<Record<string, { finishFlush: number }>> = {
  gzip: { finishFlush: Z_SYNC_FLUSH },
  deflate: { finishFlush: Z_SYNC_FLUSH },
  br: { finishFlush: BROTLI_OPERATION_FLUSH },
};

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, brotliCompressSync, constants, gzip, gzipSync, type BrotliOptions } from 'node:zlib';
import type { Context } from 'hono';
import { preferredEncoding, type Encoding } from './negotiate.ts';

const MIN_COMPRESSED_BYTES = 1_024;

/** Up to here compressing takes less time (about 1 ms) than handing it to another thread and back. */
const MAX_COMPRESSED_AT_ONCE_BYTES = 128 * 1_024;

/** Quality 3: half the time of 4, which makes a page of 40 kB no more than 5% smaller. */
const BROTLI: BrotliOptions = {
  params: { [constants.BROTLI_PARAM_QUALITY]: 3, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT },
};

const inParallel = {
  br: (body: Buffer): Promise<Buffer> => promisify(brotliCompress)(body, BROTLI),
  gzip: (body: Buffer): Promise<Buffer> => promisify(gzip)(body),
};
const atOnce = {
  br: (body: Buffer): Buffer => brotliCompressSync(body, BROTLI),
  gzip: (body: Buffer): Buffer => gzipSync(body),
};

/** A text to answer with. */
export interface Answer {
  status?: number;
  /** Without parameters; the text is sent as UTF-8. */
  mediaType: string;
  body: string;
  /** The `Cache-Control` header. */
  cache: string;
  headers?: Record<string, string>;
  /** The things that it shows, as news name them; absent where it may show anything. */
  shows?: readonly string[];
}

/** An answer as bytes, ready to be sent any number of times. */
export interface Prepared {
  status: number;
  headers: Record<string, string>;
  etag: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** Sends a text: with an ETag (304 where the client has it already), compressed where the client can read that. */
export async function answer(c: Context, text: Answer): Promise<Response> {
  return send(c, await prepare(text, preferredEncoding(c.req.header('Accept-Encoding'))));
}

/** Writes an answer's bytes and headers, in this encoding where that is worth it. */
export async function prepare(
  { status = 200, mediaType, body, cache, headers = {} }: Answer,
  wanted: Encoding | undefined,
): Promise<Prepared> {
  const plain = Buffer.from(body, 'utf8');
  const encoding = plain.length < MIN_COMPRESSED_BYTES ? undefined : wanted;
  const encoder = plain.length > MAX_COMPRESSED_AT_ONCE_BYTES ? inParallel : atOnce;
  const bytes = new Uint8Array(encoding ? await encoder[encoding](plain) : plain);
  const etag = `W/"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
  return {
    status,
    etag,
    bytes,
    headers: {
      ...headers,
      ETag: etag,
      'Cache-Control': cache,
      Vary: [headers['Vary'], 'Accept-Encoding'].filter(Boolean).join(', '),
      'Content-Type': `${mediaType}; charset=utf-8`,
      'Content-Length': String(bytes.length),
      ...(encoding && { 'Content-Encoding': encoding }),
    },
  };
}

/** Sends what was prepared, or 304 where the client has it already. */
export function send(c: Context, prepared: Prepared): Response {
  const { status, headers, bytes } = prepared;
  if (!isKnownAlready(prepared, c.req.header('If-None-Match'))) return new Response(bytes, { status, headers });
  return new Response(null, { status: 304, headers: withoutBody(headers) });
}

/** Whether a client that says this of what it has needs no more than 304. */
export const isKnownAlready = ({ status, etag }: Prepared, ifNoneMatch: string | undefined): boolean =>
  status === 200 && isKnown(ifNoneMatch, etag);

const OF_BODY = new Set(['Content-Type', 'Content-Length', 'Content-Encoding']);

/** The headers of an answer that goes without its body. */
export const withoutBody = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_BODY.has(name)));

/** RFC 9110, 13.1.2: a weak comparison, or `*`. */
function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (!ifNoneMatch) return false;
  const opaque = (tag: string): string => tag.trim().replace(/^W\//, '');
  return ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some((tag) => opaque(tag) === opaque(etag));
}

import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, gzipSync } from 'node:zlib';
import { decompress } from './content-coding.ts';
import { captureOf, readHead, warcInfo, type Capture, type WarcRecord } from './warc.ts';

/**
 * A `.warc.gz` file, piece by piece: an opening record that says what made it,
 * then records that are already packed, one gzip member each, as
 * `SnapshotStore.packed` gives them.
 */
export async function* writeWarc(
  at: Date,
  info: Readonly<Record<string, string>>,
  packed: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield gzipSync(warcInfo(at, info));
  yield* packed;
}

/** Blocks longer than this are passed over: no page is that long, and memory is not endless. */
const MAX_BLOCK = 64 * 1024 * 1024;

/** The captures of a WARC file, gzipped or not, with their bodies as a browser would have them. Throws on what is no WARC. */
export async function* readWarc(file: AsyncIterable<Uint8Array>): AsyncGenerator<Capture> {
  for await (const record of records(await unpacked(file))) {
    const capture = captureOf(record);
    const opened = capture && (await withPlainBody(capture));
    if (opened) yield opened;
  }
}

/** The bytes without their gzip, if they have one. */
async function unpacked(file: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  const chunks = file[Symbol.asyncIterator]();
  let start = Buffer.alloc(0);
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    start = Buffer.concat([start, next.value]);
    if (start.length >= 2) break;
  }
  const whole = (async function* () {
    try {
      yield start;
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
    } finally {
      await chunks.return?.(); // closes the file where nobody reads on
    }
  })();
  if (start[0] !== 0x1f || start[1] !== 0x8b) return whole;
  const gunzip = createGunzip();
  pipeline(Readable.from(whole), gunzip).catch(() => {}); // it comes out of gunzip's iterator
  return gunzip;
}

/** Bytes that come in pieces and are taken in others. */
function pieces(source: AsyncIterable<Uint8Array>) {
  const chunks = source[Symbol.asyncIterator]();
  let held: Uint8Array[] = [];
  let length = 0;
  const more = async () => {
    const next = await chunks.next();
    if (next.done) return false;
    held.push(next.value);
    length += next.value.length;
    return true;
  };
  return {
    /** At least `wanted` bytes, without taking them, or what is left. */
    async peek(wanted: number): Promise<Buffer> {
      while (length < wanted && (await more()));
      const [only = new Uint8Array()] = held;
      const whole =
        held.length > 1 ? Buffer.concat(held, length) : Buffer.from(only.buffer, only.byteOffset, only.length);
      held = [whole];
      return whole;
    },
    close: async () => void (await chunks.return?.()),
    /** Passes over so many bytes, in no more memory than a chunk. */
    async skip(count: number): Promise<void> {
      let left = count;
      while (left > 0 && (held.length > 0 || (await more()))) {
        const chunk = held.shift() ?? new Uint8Array();
        const rest = chunk.subarray(left);
        left -= chunk.length - rest.length;
        length -= chunk.length - rest.length;
        if (rest.length > 0) held.unshift(rest);
      }
    },
  };
}

const HEAD = 8 * 1024;
const SEPARATOR = 4;

async function* records(source: AsyncIterable<Uint8Array>): AsyncGenerator<WarcRecord> {
  const bytes = pieces(source);
  try {
    for (let head = await nextHead(bytes); head; head = await nextHead(bytes)) {
      const end = head.start + head.length;
      if (head.length <= MAX_BLOCK) {
        const whole = await bytes.peek(end);
        if (whole.length < end) throw new Error(BROKEN_OFF);
        yield { fields: head.fields, block: whole.subarray(head.start, end) };
      }
      await bytes.skip(end + SEPARATOR);
    }
  } finally {
    await bytes.close();
  }
}

const BROKEN_OFF = 'the WARC file ends in the middle of a record';

/** The head of the record that comes next; undefined at the end of the file. */
async function nextHead(bytes: ReturnType<typeof pieces>): Promise<ReturnType<typeof readHead>> {
  let start = await bytes.peek(HEAD);
  if (start.length === 0) return undefined;
  let head = readHead(start);
  for (let wanted = HEAD * 2; !head; wanted *= 2) {
    const longer = await bytes.peek(wanted);
    if (longer.length === start.length) throw new Error(BROKEN_OFF);
    start = longer;
    head = readHead(start);
  }
  return head;
}

/** Undoes what the transfer did to a body that was recorded as it came; undefined where that is not possible. */
async function withPlainBody(capture: Capture): Promise<Capture | undefined> {
  const chunked = /\bchunked\b/i.test(capture.headers['transfer-encoding'] ?? '');
  const body = chunked ? (dechunk(Buffer.from(capture.body)) ?? capture.body) : capture.body;
  const plain = await decompress(body, capture.headers['content-encoding'], { maxBytes: MAX_BLOCK, cut: false });
  return 'problem' in plain ? undefined : { ...capture, body: plain.body };
}

/** RFC 9112, 7.1. Undefined where the body is not chunked, whatever its header says: many writers undo it. */
function dechunk(body: Buffer): Buffer | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = body.indexOf('\r\n', at);
    const size = /^([0-9a-f]{1,8})(?:\s*;.*)?$/i.exec(body.toString('latin1', at, Math.min(lineEnd, at + 200)))?.[1];
    if (lineEnd < 0 || size === undefined) return undefined;
    const length = Number.parseInt(size, 16);
    if (length === 0) return Buffer.concat(chunks);
    chunks.push(body.subarray(lineEnd + 2, lineEnd + 2 + length));
    at = lineEnd + 2 + length + 2;
    if (at > body.length) return undefined;
  }
}

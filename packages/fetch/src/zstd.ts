import { ZSTDDecoder } from 'zstddec';

/** How long what Zstandard frames hold may be, in bytes, as far as their headers tell. */
export interface Extent {
  least: number;
  most: number;
}

const decoder = new ZSTDDecoder();

/** Has to be awaited before `unpackZstd` is called for the first time. */
export const zstdIsReady = (): Promise<void> => decoder.init();

/**
 * Decompresses Zstandard frames (RFC 8878). Throws errors with a `code`, as
 * zlib's functions do: `ERR_BUFFER_TOO_LARGE` where the result is longer than
 * `maxOutputLength`, `Z_DATA_ERROR` for bytes that are not whole frames.
 *
 * The decoder is Zstandard's own, as WebAssembly: it checks every length that
 * the bytes claim. It gives all or nothing and no reason, so the frames are
 * measured before; no more is set aside than they can hold. Node has one from
 * 22.15 on, but that reads the first frame only and takes a cut one for whole.
 */
export function unpackZstd(bytes: Uint8Array, { maxOutputLength }: { maxOutputLength: number }): Uint8Array {
  const extent = extentOf(bytes);
  if (!extent) throw failure('Z_DATA_ERROR', 'not whole frames of Zstandard');
  const tooLarge = () => failure('ERR_BUFFER_TOO_LARGE', `more than ${maxOutputLength} bytes`);
  if (extent.least > maxOutputLength) throw tooLarge();
  if (extent.most === 0) return new Uint8Array();
  const unpacked = decoder.decode(bytes, Math.min(extent.most, maxOutputLength));
  if (unpacked.length > 0) return unpacked;
  throw extent.most > maxOutputLength ? tooLarge() : failure('Z_DATA_ERROR', 'damaged frames of Zstandard');
}

const failure = (code: string, message: string): Error => Object.assign(new Error(message), { code });

/** RFC 8878, 3.1.1.2.4: the most that a block becomes. */
const BLOCK = 128 * 1024;
const FRAME = 0xfd2fb528;
const RAW = 0;
const REPEATED = 1;
const COMPRESSED = 2;

/** Measures frames by their headers and those of their blocks, RFC 8878, 3.1; undefined for bytes that are not whole frames. */
export function extentOf(bytes: Uint8Array): Extent | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const extent: Extent = { least: 0, most: 0 };
  try {
    for (let at = 0; at < bytes.length;) {
      const magic = view.getUint32(at, true);
      if (magic === FRAME) at = measureFrame(view, at + 4, extent);
      else if (magic >>> 4 === 0x184d2a5) at += 8 + view.getUint32(at + 4, true);
      else return undefined;
      if (at > bytes.length) return undefined;
    }
    return extent;
  } catch (error) {
    if (error instanceof RangeError) return undefined; // a header beyond the end
    throw error;
  }
}

/** Adds what a frame holds whose header begins at `at`; returns where the frame ends. */
function measureFrame(view: DataView, at: number, extent: Extent): number {
  const descriptor = view.getUint8(at);
  const isSingle = (descriptor & 0x20) !== 0;
  const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][descriptor >>> 6]!;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3]!;
  let next = at + 1 + (isSingle ? 0 : 1) + dictionaryBytes + sizeBytes;
  for (let isLast = false; !isLast;) {
    const header = view.getUint16(next, true) | (view.getUint8(next + 2) << 16);
    isLast = (header & 1) === 1;
    const kind = (header >>> 1) & 3;
    const size = header >>> 3;
    if (kind === RAW || kind === REPEATED) extent.least += size;
    extent.most += kind === COMPRESSED ? BLOCK : size;
    next += 3 + (kind === REPEATED ? 1 : size);
  }
  return next + ((descriptor & 4) === 4 ? 4 : 0);
}

import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { directoryBlobs, type Blobs } from './blobs.ts';
import { captureOf, readRecord, warcResponse, type Capture } from './warc.ts';

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** Measured on 192 news pages: two thirds of the time of the default level 6, for 4% more bytes. */
const LEVEL = 4;

export interface Kept {
  /** SHA-256 in hexadecimal of what decides a page's reading: URL, status, Content-Type, body. */
  hash: string;
  /** Size on disk. */
  bytes: number;
}

/** Where pages are kept as they were seen. */
export interface SnapshotStore {
  /** Keeps a capture. One seen before is not written again: its headers and time stay those of the first. */
  keep: (capture: Capture) => Promise<Kept>;
  /** Undefined where nothing is kept under this hash. Throws where the file is damaged. */
  read: (hash: string) => Promise<Capture | undefined>;
  /** The kept bytes: one gzip member with one WARC record, so that files put end to end are a WARC file. */
  packed: (hash: string) => Promise<Buffer | undefined>;
}

/** Snapshots as `ab/cd/<hash>.warc.gz` under a directory, or wherever else bytes are kept. */
export function snapshotStore(place: string | Blobs): SnapshotStore {
  const blobs = typeof place === 'string' ? directoryBlobs(place) : place;
  const packed = (hash: string) => blobs.get(nameOf(hash));

  return {
    packed,
    async keep(capture) {
      const hash = hashOf(capture);
      try {
        const known = await packed(hash);
        if (known && (await unpackAs(hash, known).catch(() => undefined))) return { hash, bytes: known.length };
        const bytes = await pack(warcResponse(capture), { level: LEVEL });
        await blobs.put(nameOf(hash), bytes);
        return { hash, bytes: bytes.length };
      } catch (error) {
        throw new Error(`cannot keep snapshots in ${blobs.explain(error)}`, { cause: error });
      }
    },
    async read(hash) {
      const bytes = await packed(hash);
      return bytes && unpackAs(hash, bytes);
    },
  };
}

function nameOf(hash: string): string {
  if (!/^[0-9a-f]{64}$/.test(hash)) throw new Error(`${JSON.stringify(hash)} is not a snapshot's hash`);
  return `${hash.slice(0, 2)}/${hash.slice(2, 4)}/${hash}.warc.gz`;
}

function hashOf({ url, status, headers, body }: Capture): string {
  return createHash('sha256')
    .update(`${status} ${url}\n${headers['content-type'] ?? ''}\n`)
    .update(body)
    .digest('hex');
}

async function unpackAs(hash: string, bytes: Buffer): Promise<Capture> {
  const record = await unpack(bytes)
    .then(readRecord)
    .catch((cause: unknown) => {
      throw new Error(`the snapshot ${hash} is damaged`, { cause });
    });
  const capture = record && captureOf(record);
  if (!capture || hashOf(capture) !== hash)
    throw new Error(`the snapshot ${hash} is damaged: its content has another hash`);
  return capture;
}

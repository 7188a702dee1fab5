import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
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

/** Snapshots as files `ab/cd/<hash>.warc.gz` under a directory, which is made when first needed. */
export function snapshotStore(directory: string): SnapshotStore {
  const fileOf = (hash: string) => {
    if (!/^[0-9a-f]{64}$/.test(hash)) throw new Error(`${JSON.stringify(hash)} is not a snapshot's hash`);
    return path.join(directory, hash.slice(0, 2), hash.slice(2, 4), `${hash}.warc.gz`);
  };
  const packed = (hash: string) => readFile(fileOf(hash)).catch(unlessMissing);

  return {
    packed,
    async keep(capture) {
      const hash = hashOf(capture);
      try {
        const known = await packed(hash);
        if (known && (await unpackAs(hash, known).catch(() => undefined))) return { hash, bytes: known.length };
        const bytes = await pack(warcResponse(capture), { level: LEVEL });
        await writeWhole(fileOf(hash), bytes);
        return { hash, bytes: bytes.length };
      } catch (error) {
        throw explained(error, directory);
      }
    },
    async read(hash) {
      const bytes = await packed(hash);
      return bytes && unpackAs(hash, bytes);
    },
  };
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

/** Writes beside the target and renames, so that a file is whole or not there. */
async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const folder = path.dirname(file);
  const draft = path.join(folder, `.${randomUUID()}.tmp`);
  await mkdir(folder, { recursive: true });
  try {
    await writeFile(draft, bytes, { flush: true });
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

const CAUSES: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: free some space, and the work goes on',
  EDQUOT: 'the disk quota is used up: free some space, and the work goes on',
  EROFS: 'the disk is read-only',
  EACCES: 'no permission to write there',
  ENOTDIR: 'it is not a directory',
  EEXIST: 'it is not a directory',
  ENAMETOOLONG: 'its path is too long',
};

function explained(error: unknown, directory: string): Error {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return new Error(`cannot keep snapshots in ${directory}: ${CAUSES[code] ?? message}`, { cause: error });
}

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { notWritten } from './writer.ts';

export const MANIFEST = 'manifest.json';

const Entry = z.object({ sha256: z.string(), bytes: z.int(), records: z.int().optional() });
export type Entry = z.infer<typeof Entry>;

/** What an export wrote, and as of which change. */
export const Manifest = z.object({
  /** Grows when the files of an export mean something else. */
  format: z.literal(1),
  /** The program's version. */
  version: z.string(),
  /** Where the files will be found. */
  url: z.string(),
  /** The WebSub hub that feeds among them name. */
  hub: z.string().optional(),
  /** The last change that is certainly in it: whoever follows /v1/changes from here on misses nothing. */
  seq: z.int(),
  license: z.string(),
  /** What no file of it can answer, by how its paths begin, and why. */
  leftOut: z.record(z.string(), z.string()).optional(),
  /** Path → what is in it. */
  files: z.record(z.string(), Entry),
});
export type Manifest = z.infer<typeof Manifest>;

export const LICENSE = 'CC BY-SA 4.0: text by editors of Wikipedia, Portal:Current events';

/** The manifest of an earlier export into the directory; undefined where there is none that can be read. */
export async function readManifest(directory: string): Promise<Manifest | undefined> {
  const text = await readFile(join(directory, MANIFEST), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const read = Manifest.safeParse(JSON.parse(text));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}

/** Written last and in one step: a directory with a manifest is whole. */
export async function writeManifest(directory: string, manifest: Manifest): Promise<void> {
  const file = join(directory, MANIFEST);
  const files = Object.fromEntries(Object.entries(manifest.files).sort(([a], [b]) => (a < b ? -1 : 1)));
  try {
    await writeFile(`${file}.part`, `${JSON.stringify({ ...manifest, files }, undefined, 2)}\n`);
    await rename(`${file}.part`, file);
  } catch (error) {
    throw notWritten(file, error);
  }
}

export const entryOf = (text: string): Entry => {
  const bytes = Buffer.from(text);
  return { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
};

/** The same of a file, read in pieces. */
export async function entryOfFile(file: string): Promise<Entry> {
  const hash = createHash('sha256');
  let bytes = 0;
  await pipeline(createReadStream(file), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      hash.update(chunk);
      bytes += chunk.length;
    }
  });
  return { sha256: hash.digest('hex'), bytes };
}

import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable, type Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Day } from '@throughline/core';
import { decodePage } from '@throughline/portal';
import { extract } from 'tar-stream';
import xz from 'xz-decompress';
import { CommandError } from './command-error.ts';

/** A portal day from disk, decoded. */
export interface DayFile {
  day: Day;
  /** The file's name, within its archive where it is in one. */
  name: string;
  wikitext: string;
}

export interface DayFiles {
  files: DayFile[];
  /** Names that are not `YYYY-MM-DD.wiki`. */
  ignored: string[];
}

const DAY_FILE = /^(\d{4}-\d{2}-\d{2})\.(?:wiki|txt)$/;
/** A day page is 3 kB on average; the largest of the archive has 41 kB. */
const MAX_FILE_BYTES = 8_000_000;
const MAX_TOTAL_BYTES = 1_000_000_000;

/**
 * Reads portal days from directories, tar archives (plain, gzip or xz) and
 * single files, oldest first. All of it is read and checked before anything is
 * returned, so that a bad file never leaves half an import. Throws a
 * `CommandError` with the file's name and what to do.
 */
export async function readDayFiles(paths: readonly string[]): Promise<DayFiles> {
  const found: DayFiles = { files: [], ignored: [] };
  for (const path of paths) await readPath(path, found);
  if (found.files.length === 0) {
    throw new CommandError(`no day files in ${paths.join(', ')}: they are named YYYY-MM-DD.wiki`);
  }
  found.files.sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
  return found;
}

async function readPath(path: string, found: DayFiles): Promise<void> {
  const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(error.code === 'ENOENT' ? `no such file: ${path}` : `cannot read ${path}: ${error.message}`);
  });
  if (info.isDirectory()) {
    for (const name of (await readdir(path)).sort()) {
      if (DAY_FILE.test(name)) found.files.push(dayFile(name, await readFile(join(path, name))));
      else found.ignored.push(join(path, name));
    }
  } else if (/\.(tar|tar\.gz|tgz|tar\.xz|txz)$/i.test(path)) {
    await readArchive(path, found);
  } else if (DAY_FILE.test(basename(path))) {
    found.files.push(dayFile(path, await readFile(path)));
  } else {
    throw new CommandError(
      `${path} is neither a directory, a tar archive (.tar, .tar.gz, .tar.xz) nor a day file (YYYY-MM-DD.wiki)`,
    );
  }
}

async function readArchive(path: string, found: DayFiles): Promise<void> {
  const tar = extract();
  const reading = pipeline([...unpacking(path), tar]);
  reading.catch(() => {}); // told below, where the entries end
  let total = 0;
  let ended = false;
  try {
    for await (const entry of tar) {
      const { name, type, size } = entry.header;
      if (type === 'file' && DAY_FILE.test(basename(name))) {
        if ((total += size) > MAX_TOTAL_BYTES)
          throw new CommandError(`${path} unpacks to more than ${MAX_TOTAL_BYTES / 1e9} GB: import it in parts`);
        if (size > MAX_FILE_BYTES)
          throw new CommandError(`${name} in ${path} has ${size} bytes: no day page is that long`);
        const chunks: Buffer[] = [];
        for await (const chunk of entry) chunks.push(chunk as Buffer);
        found.files.push(dayFile(name, Buffer.concat(chunks)));
      } else {
        if (type === 'file') found.ignored.push(name);
        entry.resume();
      }
    }
    ended = true;
    await reading;
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(
      `${path} cannot be unpacked (${error instanceof Error ? error.message : String(error)}): it is truncated or damaged, get it again`,
      { cause: error },
    );
  } finally {
    if (!ended) tar.destroy();
  }
}

/** The streams from a file to its tar archive. */
function unpacking(path: string): (Readable | Duplex)[] {
  const file = createReadStream(path);
  if (/(\.gz|\.tgz)$/i.test(path)) return [file, createGunzip()];
  if (!/xz$/i.test(path)) return [file];
  return [Readable.fromWeb(new xz.XzReadableStream(Readable.toWeb(file) as ReadableStream<Uint8Array>) as never)];
}

function dayFile(name: string, bytes: Uint8Array): DayFile {
  const day = Day.safeParse(DAY_FILE.exec(basename(name))?.[1]);
  if (!day.success) throw new CommandError(`${name}: there is no such day`);
  if (bytes.length > MAX_FILE_BYTES)
    throw new CommandError(`${name} has ${bytes.length} bytes: no day page is that long`);
  if (bytes.includes(0)) throw new CommandError(`${name} is a binary file, not wikitext: export the page's raw text`);
  const wikitext = decodePage(bytes);
  if (/^\s*(?:<!doctype html|<html[\s>])/i.test(wikitext)) {
    throw new CommandError(`${name} is an HTML page, not wikitext: save it with "?action=raw" at the end of its URL`);
  }
  return { day: day.data, name, wikitext };
}

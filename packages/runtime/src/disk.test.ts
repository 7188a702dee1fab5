import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { usableDirectory } from './disk.ts';

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'throughline-disk-'));
});
afterAll(() => rm(place, { recursive: true, force: true }));

describe('usableDirectory', () => {
  it('makes a directory that everybody may enter, whatever the umask', async () => {
    const before = process.umask(0o077);
    try {
      const path = await usableDirectory(join(place, 'a', 'b'), 0);
      expect(path).toBe(join(place, 'a', 'b'));
      for (const made of [path, join(place, 'a')]) expect((await stat(made)).mode & 0o777).toBe(0o755);
      expect(await usableDirectory(path, 0)).toBe(path); // and takes one that is there
    } finally {
      process.umask(before);
    }
  });

  it('says in one line what is in the way', async () => {
    const file = join(place, 'file');
    await writeFile(file, '');
    await expect(usableDirectory(file)).rejects.toThrow(/^cannot use the data directory [^\n]* is a file[^\n]*$/);
    await expect(usableDirectory(join(file, 'below'))).rejects.toThrow(/a part of the path is a file/);
    await expect(usableDirectory('/proc/throughline')).rejects.toThrow(/^cannot use [^\n]*THROUGHLINE_DATA$/);
  });

  it('says how much room there is when it is too little', async () => {
    await expect(usableDirectory(place, Number.MAX_SAFE_INTEGER)).rejects.toThrow(
      /^the disk is nearly full: \d+ MB free at .*THROUGHLINE_DATA/,
    );
  });
});

import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { entryOf, type Entry } from './manifest.ts';
import { notWritten } from './writer.ts';

export type FileSet = ReturnType<typeof fileSet>;

/**
 * The files of an export below `out`, by their paths in URLs: written where
 * they differ from what `before` says is there, and taken away where nobody
 * spoke for them.
 */
export function fileSet(out: string, before: Readonly<Record<string, Entry>>) {
  const entries = new Map(Object.entries(before));
  const spokenFor = new Set<string>();
  const counts = { written: 0, same: 0, removed: 0 };
  const fileOf = (path: string): string => join(out, decodeURIComponent(path));
  return {
    counts,
    all: (): Record<string, Entry> => Object.fromEntries(entries),
    entry: (path: string): Entry | undefined => entries.get(path),

    /** Makes sure that the file has this text. `records` is how many things it is of, where that is worth knowing. */
    async keep(path: string, text: string, records?: number): Promise<void> {
      spokenFor.add(path);
      const known = entries.get(path);
      const entry = { ...entryOf(text), ...(records !== undefined && { records }) };
      entries.set(path, entry);
      if (known?.sha256 === entry.sha256 && (await exists(fileOf(path)))) return void counts.same++;
      await writeWhole(fileOf(path), text);
      counts.written++;
    },

    /** Lets files stay as they are, if they are there. */
    leave(paths: readonly string[]): void {
      for (const path of paths) spokenFor.add(path);
    },

    /** Takes away what is in these directories, as `/news/2017/01/30`, and was neither kept nor left. */
    async removeOthers(directories: ReadonlySet<string>): Promise<void> {
      const gone = [...entries.keys()].filter((path) => directories.has(dirname(path)) && !spokenFor.has(path));
      for (const path of gone) {
        entries.delete(path);
        await rm(fileOf(path), { force: true });
        counts.removed++;
      }
    },
  };
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

/** Whoever reads the file meanwhile finds the old one or the new one. */
async function writeWhole(file: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(`${file}.part`, text);
    await rename(`${file}.part`, file);
  } catch (error) {
    throw notWritten(file, error);
  }
}

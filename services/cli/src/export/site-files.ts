import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Day } from '@throughline/core';
import { dayPath, eventPath, feeds, formats, frontPath, type Site } from '@throughline/publish';
import { entryOf, LICENSE, readManifest, writeManifest, type Entry, type Manifest } from './manifest.ts';
import { barOf, siteAt, type Exporting, type Span } from './walk.ts';
import { notWritten } from './writer.ts';

const FEED_ITEMS = 50;

/**
 * Writes the pages of the site as files, with a manifest of their checksums.
 * Into a directory that has one, only the days that may have changed since are
 * drawn, only files that differ are written, and those of events that are gone
 * are taken away. Says how many of each.
 */
export async function exportSite(
  reading: Exporting,
  span: Span,
  { out, url }: { out: string; url: string },
): Promise<void> {
  const { terminal, seq, site } = reading;
  const about = siteAt(url);
  const before = await knownIn(out, about, terminal.version);
  const isWhole = span.from === undefined && span.to === undefined;
  const days = await daysToDraw(reading, span, before);
  const files = filesIn(out, before?.files ?? {});
  const bar = barOf({ days, terminal });
  for (const day of days) {
    if (terminal.interrupted.aborted) break;
    await drawDay(reading, day, about, files);
    bar.advance(1);
  }
  const front = await site.front();
  for (const format of formats) await files.keep(frontPath(format.name), format.front(front, about));
  const latest = await site.latest(FEED_ITEMS);
  for (const feed of feeds) await files.keep(feed.path, feed.render(latest, about));
  bar.done();
  // A part of the days, or of the work, says nothing of what else has changed: the next export begins where this one did.
  const isDone = isWhole && !terminal.interrupted.aborted;
  const asOf = isDone ? seq : (before?.seq ?? 0);
  await writeManifest(out, {
    format: 1,
    version: terminal.version,
    url: about.origin,
    seq: asOf,
    license: LICENSE,
    files: files.all(),
  });
  const { written, same, removed } = files.counts;
  terminal.error(`${written} files written, ${same} unchanged, ${removed} removed; ${days.length} days drawn\n`);
}

/** An earlier export that this one can go on from: of the same program, for the same address. */
async function knownIn(out: string, about: Site, version: string): Promise<Manifest | undefined> {
  const manifest = await readManifest(out);
  return manifest?.version === version && manifest.url === about.origin ? manifest : undefined;
}

/** All of them, or those that may differ: a day that has lost its last event too. */
async function daysToDraw(
  { catalogue, days }: Exporting,
  { from, to }: Span,
  before: Manifest | undefined,
): Promise<Day[]> {
  if (!before || before.seq === 0) return days;
  const touched = await catalogue.daysTouched(before.seq);
  return touched.filter((day) => (from === undefined || day >= from) && (to === undefined || day <= to));
}

async function drawDay({ site }: Exporting, day: Day, about: Site, files: Files): Promise<void> {
  const [page, events] = await Promise.all([site.day(day), site.pagesOf(day)]);
  const drawn = new Set<string>();
  const keep = async (path: string, text: string): Promise<void> => {
    drawn.add(path);
    await files.keep(path, text);
  };
  for (const format of formats) {
    if (page) await keep(dayPath(day, format.name), format.day(page, about));
    for (const event of events) await keep(eventPath(event.day, event.slug, format.name), format.event(event, about));
  }
  await files.removeOthers(dirname(dayPath(day)), drawn);
}

type Files = ReturnType<typeof filesIn>;

/** The files of an export: written where they differ from what is known to be there. */
function filesIn(out: string, before: Readonly<Record<string, Entry>>) {
  const entries = new Map(Object.entries(before));
  const byDirectory = new Map<string, string[]>();
  for (const path of entries.keys()) byDirectory.set(dirname(path), [...(byDirectory.get(dirname(path)) ?? []), path]);
  const counts = { written: 0, same: 0, removed: 0 };
  const fileOf = (path: string): string => join(out, decodeURIComponent(path));
  return {
    counts,
    all: (): Record<string, Entry> => Object.fromEntries(entries),
    async keep(path: string, text: string): Promise<void> {
      const entry = entryOf(text);
      const known = entries.get(path);
      entries.set(path, entry);
      if (known?.sha256 === entry.sha256 && (await exists(fileOf(path)))) return void counts.same++;
      await writeWhole(fileOf(path), text);
      counts.written++;
    },
    async removeOthers(directory: string, kept: ReadonlySet<string>): Promise<void> {
      for (const path of byDirectory.get(directory) ?? []) {
        if (kept.has(path)) continue;
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

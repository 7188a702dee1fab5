import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Day } from '@throughline/core';
import { entryOf, entryOfFile, LICENSE, MANIFEST, writeManifest, type Entry } from './manifest.ts';
import { parquetWriter } from './parquet-writer.ts';
import { tables } from './tables.ts';
import { csvWriter, geoJsonWriter, jsonLdWriter, ndjsonWriter } from './text-writers.ts';
import { barOf, siteAt, writeAll, type Exporting } from './walk.ts';
import { notWritten, sinkOf, type Writer } from './writer.ts';

const CARD = 'README.md';
const SUMS = 'SHA256SUMS';

/**
 * Writes the whole record in every form into a directory, with a dataset card,
 * checksums, and, last, a manifest: a directory without one is not whole.
 */
export async function exportSnapshot(reading: Exporting, { out, url }: { out: string; url: string }): Promise<void> {
  const site = siteAt(url);
  await prepare(out);
  const writers = new Map<string, Writer>([
    ['events.ndjson', ndjsonWriter(sinkIn(out, 'events.ndjson'))],
    ['events.jsonld', jsonLdWriter(sinkIn(out, 'events.jsonld'), site)],
    ['events.geojson', geoJsonWriter(sinkIn(out, 'events.geojson'), site)],
    ...tables.flatMap((table): [string, Writer][] => [
      [`${table.name}.csv`, csvWriter(sinkIn(out, `${table.name}.csv`), table, site)],
      [`${table.name}.parquet`, parquetWriter(join(out, `${table.name}.parquet`), table, site)],
    ]),
  ]);
  await writeAll(reading, [...writers.values()], barOf(reading));
  if (reading.terminal.interrupted.aborted) return;
  const files: Record<string, Entry> = {};
  for (const [name, { records }] of writers) files[name] = { ...(await entryOfFile(join(out, name))), records };
  const card = cardOf(reading, files);
  files[CARD] = entryOf(card);
  const sums = Object.entries(files).map(([name, { sha256 }]) => `${sha256}  ${name}\n`);
  await keep(join(out, CARD), card);
  await keep(join(out, SUMS), sums.sort().join(''));
  const { version } = reading.terminal;
  await writeManifest(out, { format: 1, version, url: site.origin, seq: reading.seq, license: LICENSE, files });
}

const sinkIn = (out: string, name: string) => sinkOf(join(out, name), () => {});

async function prepare(out: string): Promise<void> {
  try {
    await mkdir(out, { recursive: true });
    await rm(join(out, MANIFEST), { force: true });
  } catch (error) {
    throw notWritten(out, error);
  }
}

const keep = (file: string, text: string): Promise<void> =>
  writeFile(file, text).catch((error: unknown) => Promise.reject(notWritten(file, error)));

/** What the data is, in the form that dataset hubs read: YAML first, then Markdown. */
function cardOf({ days, seq, terminal }: Exporting, files: Readonly<Record<string, Entry>>): string {
  const [first, last] = [days[0], days.at(-1)] as [Day | undefined, Day | undefined];
  const events = files['events.ndjson']?.records ?? 0;
  const rows = Object.entries(files).map(
    ([name, { records, bytes }]) => `| \`${name}\` | ${records ?? ''} | ${bytes} |`,
  );
  return `---
license: cc-by-sa-4.0
language: [en]
pretty_name: Throughline
task_categories: [text-retrieval, text-classification]
configs:
${tables.map(({ name }) => `  - config_name: ${name}\n    data_files: ${name}.parquet`).join('\n')}
---

# Throughline: a record of the world's news

${events} events${first && last ? ` from ${first} to ${last}` : ''}: one sentence each, as editors of Wikipedia's Current Events Portal wrote it, with the articles it cites, what it is about, and the events it belongs with. Written by Throughline ${terminal.version} as of change ${seq}; \`/v1/changes?after=${seq}\` of the same service goes on from there.

| file | records | bytes |
| --- | --- | --- |
${rows.join('\n')}

- \`events.ndjson\`: an event a line, whole. \`events.jsonld\`: linked data (Simple Event Model, schema.org). \`events.geojson\`: events whose places are known, as points.
- The tables \`events\`, \`sources\`, \`entities\` and \`relations\` are the same in CSV (RFC 4180, lists as JSON) and in Parquet. \`sources.event\`, \`entities.event\`, \`relations.from\` and \`relations.to\` are \`events.id\`, which an event keeps for life.
- \`SHA256SUMS\` checks the files; \`manifest.json\` was written last: a directory without it is not whole.

## Licence and attribution

The sentences, headings and links are by Wikipedia's editors, under [CC BY-SA 4.0](https://creativecommons.org/licenses/by-sa/4.0/); each event names the portal's page and revision, and whoever passes it on has to do so too. Titles and descriptions of articles belong to their publishers and are here to index and cite. Entities, relations and stories are computed, and free of claims (CC0 1.0).
`;
}

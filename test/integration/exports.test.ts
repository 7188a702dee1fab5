import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Day, type EventPage } from '@throughline/core';
import { catalogueStore, runStore } from '@throughline/db';
import { testDatabase } from '@throughline/test';
import { readSample } from '@throughline/test/api';
import { portalPage, reader } from '@throughline/test/record';
import { addFeeds, createApp, postgresReader } from '@throughline/web';
import { runHere } from '@throughline/test/terminal';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import jsonld, { type JsonLdDocument } from 'jsonld';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const database = await testDatabase();
const { db } = database;
const files = await mkdtemp(join(tmpdir(), 'throughline-exports-'));
const URL_OPTION = ['--url', 'https://news.example'];
const throughline = (...args: string[]) => runHere(['export', ...args], { DATABASE_URL: database.url });
const snapshot = join(files, 'snapshot');
let events: EventPage[] = [];

beforeAll(async () => {
  await readSample(db);
  await reader(db)({
    day: Day.parse('2018-01-01'),
    wikitext: portalPage(['A “quote”, a comma,\tانتخابات and <b>\u0301.']),
  });
  await sql`update entity set latitude = 36.2, longitude = 37.16 where label = 'Aleppo'`.execute(db);
  expect(await throughline('snapshot', '--out', snapshot, ...URL_OPTION)).toMatchObject({ code: 0 });
  const lines = (await readFile(join(snapshot, 'events.ndjson'), 'utf8')).trimEnd().split('\n');
  events = lines.map((line) => JSON.parse(line) as EventPage);
});
afterAll(async () => {
  await database.drop();
  await rm(files, { recursive: true, force: true });
});

/** RFC 4180, as strictly as its grammar. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  while (field.lastIndex < text.length) {
    const at = field.lastIndex;
    const match = field.exec(text);
    if (!match) throw new Error(`no CSV at ${at}: ${JSON.stringify(text.slice(at, at + 50))}`);
    row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

const big = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value);

const parquetOf = async (table: string): Promise<Record<string, unknown>[]> =>
  parquetReadObjects({ file: await asyncBufferFromFile(join(snapshot, `${table}.parquet`)) });

describe('a snapshot', () => {
  it('has every public event', async () => {
    const { rows } = await sql<{ id: string }>`select id from v_event order by id`.execute(db);
    expect(events.map(({ id }) => id).toSorted()).toEqual(rows.map(({ id }) => id));
    expect(events.length).toBeGreaterThan(70);
  });

  it('is a run that operators see, with how far it got', async () => {
    const run = await runStore(db).lastOf('export snapshot');
    const days = new Set(events.map(({ day }) => day)).size;
    expect(run).toMatchObject({ kind: 'export snapshot', state: 'done', finished: days, total: days });
  });

  it('says of each file how long it is, what its checksum is, and how many records it has', async () => {
    const manifest = JSON.parse(await readFile(join(snapshot, 'manifest.json'), 'utf8')) as {
      seq: number;
      files: Record<string, { sha256: string; bytes: number; records?: number }>;
    };
    const names = (await readdir(snapshot)).filter((name) => !['manifest.json', 'SHA256SUMS'].includes(name));
    expect(Object.keys(manifest.files)).toEqual(names.toSorted());
    for (const [name, { sha256, bytes }] of Object.entries(manifest.files)) {
      const content = await readFile(join(snapshot, name));
      expect([name, bytes, sha256]).toEqual([name, content.length, createHash('sha256').update(content).digest('hex')]);
    }
    const { rows } = await sql<{ seq: number }>`select max(seq) as seq from change`.execute(db);
    expect(manifest.seq).toBe(rows[0]?.seq);
    expect(manifest.files['events.csv']?.records).toBe(events.length);
  });

  it('says the licence and whom it is owed to in every file', async () => {
    for (const name of (await readdir(snapshot)).filter((one) => one !== 'SHA256SUMS')) {
      const content = await readFile(join(snapshot, name), 'utf8');
      const isOwn = name.startsWith('relations');
      expect([name, /CC BY-SA 4\.0|by-sa\/4\.0|©|CC0/.test(content), isOwn || /wikipedia|©/i.test(content)]).toEqual([
        name,
        true,
        true,
      ]);
    }
    expect(await readFile(join(snapshot, 'README.md'), 'utf8')).toMatch(/^---\nlicense: cc-by-sa-4\.0\n/);
  });

  it('has the same tables in CSV and in Parquet', async () => {
    for (const table of ['events', 'sources', 'entities', 'relations']) {
      const [names = [], ...rows] = parseCsv(await readFile(join(snapshot, `${table}.csv`), 'utf8'));
      const objects = await parquetOf(table);
      expect(objects.length).toBe(rows.length);
      const written = (value: unknown): unknown =>
        Array.isArray(value)
          ? JSON.stringify(value)
          : typeof value === 'string'
            ? value
            : (JSON.stringify(value ?? undefined, big) ?? '');
      expect(objects.map((one) => names.map((name) => written(one[name])))).toEqual(rows);
    }
  });

  it('gives each value back as it is', async () => {
    const byId = new Map((await parquetOf('events')).map((row) => [row['id'], row]));
    for (const event of events) {
      expect(byId.get(event.id)).toMatchObject({
        text: event.text,
        day: event.day,
        category: event.category ?? null,
        entities: event.entities.map(({ label }) => label),
      });
    }
    expect((await parquetOf('relations')).length).toBe(events.flatMap(({ related }) => related).length);
    const { key_value_metadata: facts } = await parquetMetadataAsync(
      await asyncBufferFromFile(join(snapshot, 'events.parquet')),
    );
    expect(facts).toContainEqual({ key: 'license', value: expect.stringContaining('CC BY-SA 4.0') });
  });

  it('is linked data: expanded by another’s processor without asking the network, every event a subject', async () => {
    const document = JSON.parse(await readFile(join(snapshot, 'events.jsonld'), 'utf8')) as JsonLdDocument;
    const offline = { documentLoader: async () => Promise.reject(new Error('nothing is to be loaded')) };
    const expanded = await jsonld.expand(document, offline);
    const quads = (await jsonld.toRDF(document, { ...offline, format: 'application/n-quads' })) as unknown as string;
    const isEvent =
      ' <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://semanticweb.cs.vu.nl/2009/11/sem/Event> ';
    expect(quads.split('\n').filter((line) => line.includes(isEvent))).toHaveLength(events.length);
    expect(JSON.stringify(expanded)).toContain('https://schema.org/citation');
    expect(quads).toContain(
      `<https://news.example/events/${events[0]?.id}> <http://semanticweb.cs.vu.nl/2009/11/sem/hasTimeStamp>`,
    );
  });

  it('has as points the events whose places are known', async () => {
    const { type, features } = JSON.parse(await readFile(join(snapshot, 'events.geojson'), 'utf8')) as {
      type: string;
      features: { id: string; geometry: { type: string; coordinates: number[] }; properties: { text: string } }[];
    };
    expect(type).toBe('FeatureCollection');
    const named = events.filter(({ entities }) => entities.some(({ label }) => label === 'Aleppo')).map(({ id }) => id);
    expect(named.length).toBeGreaterThan(0);
    expect(features.map(({ id }) => id).toSorted()).toEqual(named.toSorted());
    expect(features[0]?.geometry).toEqual({ type: 'Point', coordinates: [37.16, 36.2] });
  });

  it('is not whole until its manifest is there', async () => {
    const out = join(files, 'cut');
    const stop = new AbortController();
    stop.abort();
    const ran = await runHere(
      ['export', 'snapshot', '--out', out],
      { DATABASE_URL: database.url },
      { interrupted: stop.signal },
    );
    expect(ran.code).toBe(130);
    expect(await readdir(out)).not.toContain('manifest.json');
  });
});

describe('one form alone', () => {
  it.each(['csv', 'jsonld', 'geojson', 'ndjson'])('%s goes to standard output, or to a file', async (form) => {
    const { code, out } = await throughline(form, '--from', '2017-01-30', '--to', '2017-01-30', ...URL_OPTION);
    expect([code, out.length > 100]).toEqual([0, true]);
    const file = join(files, `one.${form}`);
    expect(
      await throughline(form, '--from', '2017-01-30', '--to', '2017-01-30', '--out', file, ...URL_OPTION),
    ).toMatchObject({ code: 0, out: '' });
    expect(await readFile(file, 'utf8')).toBe(out);
  });

  it('of no days is empty, and still what it is', async () => {
    const none = ['--from', '1990-01-01', '--to', '1990-01-02'];
    expect(parseCsv((await throughline('csv', '--table', 'sources', ...none)).out)).toHaveLength(1);
    expect(JSON.parse((await throughline('geojson', ...none)).out)).toMatchObject({ features: [] });
    expect(JSON.parse((await throughline('jsonld', ...none)).out)).toMatchObject({ '@graph': [] });
    const file = join(files, 'none.parquet');
    expect((await throughline('parquet', '--out', file, ...none)).code).toBe(0);
    expect(await parquetReadObjects({ file: await asyncBufferFromFile(file) })).toEqual([]);
  });

  it('says in one line what cannot be written', async () => {
    for (const args of [
      ['parquet', '--out', join(files, 'no', 'where.parquet')],
      ['csv', '--out', join(files, 'no', 'where.csv')],
      ['snapshot', '--out', join(snapshot, 'events.csv')],
    ]) {
      const { code, error } = await throughline(...args);
      expect([code, error.trimEnd().split('\n').at(-1)]).toEqual([
        1,
        expect.stringMatching(/^throughline: cannot write \S+/),
      ]);
    }
    expect((await throughline('csv', '--table', 'users')).code).toBe(2);
  });
});

/** Every file below a directory with its content, the manifest apart. */
async function tree(directory: string): Promise<Map<string, string>> {
  const names = (await readdir(directory, { recursive: true }))
    .map(String)
    .filter((name) => name !== 'manifest.json')
    .sort();
  const all = new Map<string, string>();
  for (const name of names) {
    const file = join(directory, name);
    if ((await stat(file)).isFile()) all.set(name, await readFile(file, 'utf8'));
  }
  return all;
}

describe('export site', () => {
  it('has every page that the service has, byte for byte, and says of every other path why not', async () => {
    const out = join(files, 'site');
    expect(await throughline('site', '--out', out, ...URL_OPTION)).toMatchObject({ code: 0 });
    const service = createApp(postgresReader(db), {
      publicUrl: 'https://news.example',
      extend: (app, site) => addFeeds(app, site, catalogueStore(db)),
    });
    const { files: listed, leftOut } = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8')) as {
      files: Record<string, { sha256: string }>;
      leftOut: Record<string, string>;
    };
    const linked = new Set<string>();
    for (const path of Object.keys(listed)) {
      const written = await readFile(join(out, decodeURIComponent(path)), 'utf8');
      const answered = await service.request(`https://news.example${path}`);
      expect([path, answered.status, await answered.text()]).toEqual([path, 200, written]);
      for (const [, to = ''] of written.matchAll(/ href="(\/[^"#?]*)|<loc>https:\/\/news\.example([^<]*)/g))
        linked.add(to);
    }
    for (const begins of ['/news/', '/entities/', '/topics/', '/stories/', '/categories/', '/archive/', '/sitemaps/'])
      expect([begins, Object.keys(listed).some((path) => path.startsWith(begins))]).toEqual([begins, true]);
    const missing = [...linked].filter(
      (path) =>
        path !== '/' &&
        path !== '' &&
        !(path in listed) &&
        !Object.keys(leftOut).some((begins) => path.startsWith(begins)),
    );
    expect(missing).toEqual([]);
  });

  it('of one day draws that day and what it names, and takes nothing away', async () => {
    const out = join(files, 'site-of-a-day');
    await throughline('site', '--out', out, '--from', '2017-01-30', '--to', '2017-01-30', ...URL_OPTION);
    const all = await tree(out);
    const again = await throughline('site', '--out', out, '--from', '2017-02-05', '--to', '2017-02-05', ...URL_OPTION);
    expect(again.error).toMatch(/ 0 removed; 1 days and \d+ collections drawn$/m);
    expect([...all.keys()].filter((path) => path.startsWith('news/2017/01/30/')).length).toBeGreaterThan(4);
    expect([...(await tree(out)).keys()]).toEqual(expect.arrayContaining([...all.keys()]));
  });

  it('writes again only what has changed, and ends as a new export would', async () => {
    const read = reader(db);
    const on = Day.parse('2019-06-01');
    const kept = 'The [[Senate]] of Utopia votes to keep the old calendar for a year. [http://example.org/s (A)]';
    await read({ day: on, wikitext: portalPage([kept, 'A bridge falls in [[Lilliput]]. [http://example.org/b (A)]']) });
    await read({
      day: Day.parse('2019-06-02'),
      wikitext: portalPage(['A harvest fails in [[Laputa]]. [http://example.org/h (A)]']),
    });
    const out = join(files, 'again');
    const all = await throughline('site', '--out', out, ...URL_OPTION);
    expect(all.error).toMatch(/^\d{3,} files written, 0 unchanged, 0 removed; \d\d days and \d{3} collections drawn$/m);
    const idle = await throughline('site', '--out', out, ...URL_OPTION);
    expect(idle.error).toMatch(/^0 files written, \d+ unchanged, 0 removed; 0 days and 0 collections drawn$/m);

    await read({
      day: on,
      wikitext: portalPage([kept.replace('a year', 'two years, says [[Blefuscu]]')]),
      at: Date.parse('2019-06-03T00:00Z'),
    });
    await read({
      day: Day.parse('2019-06-02'),
      wikitext: portalPage(['A storm hits [[Brobdingnag]], and many are homeless.']),
      at: Date.parse('2019-06-04T00:00Z'),
    });
    const some = await throughline('site', '--out', out, ...URL_OPTION);
    const [, written = 0, removed = 0, days = 0, collections = 0] =
      /^(\d+) files written, \d+ unchanged, (\d+) removed; (\d+) days and (\d+) collections drawn$/m
        .exec(some.error)
        ?.map(Number) ?? [];
    expect([written > 0, written < 150, removed > 0, days < 8, collections < 30]).toEqual([
      true,
      true,
      true,
      true,
      true,
    ]);

    const fresh = join(files, 'fresh');
    await throughline('site', '--out', fresh, ...URL_OPTION);
    expect(await tree(out)).toEqual(await tree(fresh));
    const checked = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8')) as {
      files: Record<string, { sha256: string }>;
    };
    for (const [path, { sha256 }] of Object.entries(checked.files)) {
      expect(
        createHash('sha256')
          .update(await readFile(join(out, decodeURIComponent(path))))
          .digest('hex'),
      ).toBe(sha256);
    }
  });
});

import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { addDays, Day, type EventId, type Link } from '@throughline/core';
import { eventStore, migrate, openDatabase, storyStore, type Database } from '@throughline/db';
import { startEmbeddedPostgres } from '@throughline/runtime';
import { reader, portalPage, tagsOf } from '@throughline/test/record';
import { sql } from 'kysely';

const DAYS = 120;
const EVENTS_A_DAY = 15;
const RELATED = 10;
/** So far back in the order of days are the related events made up to be. */
const APART = 13;
/** Days, or events, of one transaction. */
const BATCH = 100;

/**
 * The URL of an archive to measure: the one given; else one that is made and
 * goes again, of the day files of a directory (`YYYY-MM-DD.wiki`) or of a few
 * sentences. Its entities are what editors linked; its stories, and ten
 * relations each, are made up.
 */
export async function anArchive(
  given: string | undefined,
  dayFiles?: string,
): Promise<AsyncDisposable & { url: string }> {
  if (given) return { url: given, [Symbol.asyncDispose]: async () => {} };
  const dataDirectory = await mkdtemp(join(tmpdir(), 'throughline-bench-'));
  await chmod(dataDirectory, 0o755); // as root, Postgres runs as another user
  const server = await startEmbeddedPostgres({ dataDirectory, log: { info() {} }, durable: false });
  const db = openDatabase(server.url);
  await migrate(db);
  await (dayFiles === undefined ? readSentences(db) : readFiles(db, dayFiles));
  await enrich(db);
  await db.destroy();
  const dispose = async (): Promise<void> => {
    await server.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  };
  return { url: server.url, [Symbol.asyncDispose]: dispose };
}

function* batches<T>(list: readonly T[]): Generator<T[]> {
  for (let at = 0; at < list.length; at += BATCH) yield list.slice(at, at + BATCH);
}

async function readFiles(db: Database, directory: string): Promise<void> {
  const read = reader(db);
  const names = (await readdir(directory)).filter((name) => /^\d{4}-\d\d-\d\d\.wiki$/.test(name)).toSorted();
  for (const batch of batches(names)) {
    const pages = batch.map(async (name) => ({
      day: Day.parse(basename(name, '.wiki')),
      wikitext: await readFile(join(directory, name), 'utf8'),
    }));
    await read(...(await Promise.all(pages)));
  }
}

async function readSentences(db: Database): Promise<void> {
  const read = reader(db);
  for (let day = 0; day < DAYS; day++) {
    const sentences = Array.from({ length: EVENTS_A_DAY }, (_, event) => sentence(day * EVENTS_A_DAY + event));
    await read({ day: addDays(Day.parse('2017-01-01'), day), wikitext: portalPage(sentences) });
  }
}

/** Tags every event with its links, makes a story of the events of a week that share their first one, and relates each to ten before it. */
export async function enrich(db: Database): Promise<void> {
  const { rows } = await sql<{ id: EventId; day: Day; links: Link[] }>`select id, day, links from event
    where state = 'stable' order by day, position`.execute(db);
  const store = eventStore(db);
  for (const batch of batches(rows)) await store.tag(batch.map(({ id, links }) => tagsOf(id, links.map(mentionOf))));
  const [first, last] = [rows[0], rows.at(-1)];
  if (!first || !last) return;
  const weekly = new Map(
    rows.map(({ id, day, links }) => [
      id,
      `topic:${links[0]?.title ?? id}, ${day.slice(0, 7)}-${Math.ceil(Number(day.slice(8)) / 7)}`,
    ]),
  );
  await storyStore(db).revise({ from: first.day, to: last.day, windowDays: 0 }, (_, span) =>
    span.map(({ id }) => ({ eventId: id, thread: weekly.get(id) ?? `event:${id}`, how: 'header', score: 1 })),
  );
  const lists = rows.map(({ id, links }, index) => ({ from: id, relations: relations(rows, index, links[0]?.title) }));
  for (const batch of batches(lists)) await store.relate(batch, []);
}

const mentionOf = ({ title, surface }: Link) => ({ title, surface, tagger: 'wikilink', score: 1 });

const WORDS =
  'storm bridge election court flood minister treaty protest harbour orbit strike champion vaccine border'.split(' ');
const PLACES = 'Lesotho Peru Norway Laos Chad Fiji Malta Oman Nepal Ghana Cuba Iran'.split(' ');

const pick = <T>(list: readonly T[], number: number): T => list[number % list.length] as T;

const sentence = (number: number): string =>
  `A ${pick(WORDS, number)} of number ${number} in [[${pick(PLACES, number)}]] follows the ${pick(WORDS, number * 5 + 3)} that people of [[${pick(PLACES, number * 7 + 1)}]] had waited for since the ${pick(WORDS, number * 3 + 1)}. [http://news${number % 40}.example/${number} (Paper ${number % 40})]`;

const relations = (events: readonly { id: EventId }[], index: number, about = 'Peru') =>
  Array.from({ length: Math.min(RELATED, Math.floor(index / APART)) }, (_, number) => ({
    to: pick(events, index - (number + 1) * APART).id,
    score: 2,
    evidence: [
      { signal: 'shared-entity', about, weight: 1.5 },
      { signal: 'similar-text', weight: 0.5 },
    ],
  }));

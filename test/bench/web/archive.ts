import { mkdtemp, rm, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addDays, Day, type EventId } from '@throughline/core';
import { eventStore, migrate, openDatabase, type Database } from '@throughline/db';
import { startEmbeddedPostgres } from '@throughline/runtime';
import { reader, portalPage, tagsOf } from '@throughline/test/record';

const DAYS = 120;
const EVENTS_A_DAY = 15;
const RELATED = 10;

/** The URL of an archive to measure: the one given, else a small one that is made and goes again. */
export async function anArchive(given: string | undefined): Promise<AsyncDisposable & { url: string }> {
  if (given) return { url: given, [Symbol.asyncDispose]: async () => {} };
  const dataDirectory = await mkdtemp(join(tmpdir(), 'throughline-bench-'));
  await chmod(dataDirectory, 0o755); // as root, Postgres runs as another user
  const server = await startEmbeddedPostgres({ dataDirectory, log: { info() {} }, durable: false });
  const db = openDatabase(server.url);
  await migrate(db);
  await fill(db);
  await db.destroy();
  const dispose = async (): Promise<void> => {
    await server.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  };
  return { url: server.url, [Symbol.asyncDispose]: dispose };
}

const WORDS =
  'storm bridge election court flood minister treaty protest harbour orbit strike champion vaccine border'.split(' ');
const PLACES = 'Lesotho Peru Norway Laos Chad Fiji Malta Oman Nepal Ghana Cuba Iran'.split(' ');

const pick = <T>(list: readonly T[], number: number): T => list[number % list.length] as T;

/** Events with sources, links, entities and relations, as an archive has them. */
async function fill(db: Database): Promise<void> {
  const read = reader(db);
  for (let day = 0; day < DAYS; day++) {
    const sentences = Array.from({ length: EVENTS_A_DAY }, (_, event) => sentence(day * EVENTS_A_DAY + event));
    await read({ day: addDays(Day.parse('2017-01-01'), day), wikitext: portalPage(sentences) });
  }
  const ids = (await db.selectFrom('event').select('id').orderBy('day').orderBy('position').execute()).map(
    ({ id }) => id,
  );
  const store = eventStore(db);
  await store.tag(ids.map((eventId, index) => tagsOf(eventId, mentions(index))));
  await store.relate(
    ids.map((from, index) => ({ from, relations: relations(ids, index) })),
    [],
  );
}

const sentence = (number: number): string =>
  `A ${pick(WORDS, number)} of number ${number} in [[${pick(PLACES, number)}]] follows the ${pick(WORDS, number * 5 + 3)} that people of [[${pick(PLACES, number * 7 + 1)}]] had waited for since the ${pick(WORDS, number * 3 + 1)}. [http://news${number % 40}.example/${number} (Paper ${number % 40})]`;

const mentions = (number: number) =>
  [pick(PLACES, number), pick(PLACES, number * 7 + 1)].map((title) => ({
    title,
    surface: title,
    tagger: 'wikilinks',
    score: 1,
  }));

const relations = (ids: readonly EventId[], index: number) =>
  Array.from({ length: RELATED }, (_, number) => ({
    to: pick(ids, index + (number + 1) * 13),
    score: 2,
    evidence: [
      { signal: 'shared-entity', about: pick(PLACES, index), weight: 1.5 },
      { signal: 'similar-text', weight: 0.5 },
    ],
  }));

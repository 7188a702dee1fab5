import type { Concept } from '@throughline/core';
import { wikimediaUserAgent } from './user-agent.ts';
import { createWikiApi, isRecord, type WikiApi, type WikiApiOptions } from './wiki-api.ts';
import { typeOfClasses } from './wikidata-types.ts';

/** Answers what titles stand for. */
export interface Concepts {
  /** At most `TITLES_A_CALL` titles; one answer for each, in their order. Rejects with a `WikiApiError`. */
  lookUp: (titles: readonly string[], signal: AbortSignal) => Promise<Concept[]>;
}

export interface ConceptsOptions extends Partial<Omit<WikiApiOptions, 'userAgent' | 'endpoint'>> {
  /** Whom the operators of the wikis can write to. */
  contact: string | undefined;
  version: string;
  /** The wiki's and Wikidata's `api.php`. */
  endpoint?: string;
  wikidataEndpoint?: string;
}

const WIKIPEDIA = 'https://en.wikipedia.org/w/api.php';
const WIKIDATA = 'https://www.wikidata.org/w/api.php';

/** Titles or items that one call may ask for. Source: the API's limit for clients without a bot's rights. */
export const TITLES_A_CALL = 50;

/** Wikipedia's redirects and Wikidata's items, in three calls for 50 titles. Throws without a contact, saying why. */
export function wikiConcepts(options: ConceptsOptions): Concepts {
  const { endpoint = WIKIPEDIA, wikidataEndpoint = WIKIDATA, ...rest } = options;
  const userAgent = wikimediaUserAgent(options);
  const wiki = createWikiApi({ ...rest, endpoint, userAgent });
  const data = createWikiApi({ ...rest, endpoint: wikidataEndpoint, userAgent });
  const countries = new Map<string, string>();
  return {
    async lookUp(titles, signal) {
      if (titles.length > TITLES_A_CALL)
        throw new RangeError(`${titles.length} titles are more than a call may ask for`);
      const pages = await readPages(wiki, titles, signal);
      const items = await readItems(data, [...new Set(pages.flatMap(({ wikidata }) => wikidata ?? []))], signal);
      const unknown = [...items.values()].flatMap(({ country }) =>
        country && !countries.has(country) ? [country] : [],
      );
      for (const [id, title] of await readTitles(data, [...new Set(unknown)], signal)) countries.set(id, title);
      return pages.map((page) => withItem(page, items.get(page.wikidata ?? ''), countries));
    },
  };
}

function withItem(page: Concept, item: Item | undefined, countries: ReadonlyMap<string, string>): Concept {
  if (!item) return page;
  const country = item.type === 'place' ? countries.get(item.country ?? '') : undefined;
  return {
    ...page,
    ...(item.type && { type: item.type }),
    ...(item.coordinates && { coordinates: item.coordinates }),
    ...(country !== undefined && country !== page.title && { country }),
  };
}

async function readPages(wiki: WikiApi, titles: readonly string[], signal: AbortSignal): Promise<Concept[]> {
  if (titles.length === 0) return [];
  const answer = await wiki(
    {
      action: 'query',
      prop: 'pageprops',
      ppprop: 'wikibase_item|disambiguation',
      titles: titles.join('|'),
      redirects: '1',
    },
    signal,
  );
  const query = recordOf(answer['query']);
  const renamed = new Map<string, { to: string; isPart: boolean }>();
  for (const entry of [...records(query['normalized']), ...records(query['redirects'])]) {
    renamed.set(String(entry['from']), { to: String(entry['to']), isPart: typeof entry['tofragment'] === 'string' });
  }
  const pages = new Map(records(query['pages']).map((page) => [String(page['title']), page]));
  return titles.map((asked) => conceptOf(asked, renamed, pages));
}

function conceptOf(
  asked: string,
  renamed: ReadonlyMap<string, { to: string; isPart: boolean }>,
  pages: ReadonlyMap<string, Record<string, unknown>>,
): Concept {
  let title = asked;
  let isPart = false;
  for (let hops = 0; hops < 4; hops++) {
    const next = renamed.get(title);
    if (!next) break;
    title = next.to;
    isPart ||= next.isPart;
  }
  const page = pages.get(title);
  const props = recordOf(page?.['pageprops']);
  const isThere = page !== undefined && page['missing'] !== true && page['invalid'] !== true;
  if (!isThere || isPart || 'disambiguation' in props) return { asked, title: asked, isPage: false };
  const item = props['wikibase_item'];
  return { asked, title, isPage: true, ...(isItem(item) && { wikidata: item }) };
}

interface Item extends Pick<Concept, 'type' | 'coordinates'> {
  /** The country's item. */
  country?: string;
}

async function readItems(data: WikiApi, ids: readonly string[], signal: AbortSignal): Promise<Map<string, Item>> {
  if (ids.length === 0) return new Map();
  const answer = await data({ action: 'wbgetentities', ids: ids.join('|'), props: 'claims' }, signal);
  const entities = Object.entries(recordOf(answer['entities']));
  return new Map(entities.map(([id, entity]) => [id, itemOf(recordOf(recordOf(entity)['claims']))]));
}

function itemOf(claims: Record<string, unknown>): Item {
  const classes = valuesOf(claims, 'P31')
    .map((value) => recordOf(value)['id'])
    .filter(isItem);
  const coordinates = valuesOf(claims, 'P625')
    .map(coordinatesOf)
    .find((found) => found !== undefined);
  const country = valuesOf(claims, 'P17')
    .map((value) => recordOf(value)['id'])
    .find(isItem);
  const type = typeOfClasses(classes, coordinates !== undefined);
  return { ...(type && { type }), ...(coordinates && { coordinates }), ...(country !== undefined && { country }) };
}

/** The values of a property, preferred ones first, deprecated ones left out. */
function valuesOf(claims: Record<string, unknown>, property: string): unknown[] {
  const kept = records(claims[property]).filter(({ rank }) => rank !== 'deprecated');
  const preferred = kept.filter(({ rank }) => rank === 'preferred');
  return [...preferred, ...kept.filter(({ rank }) => rank !== 'preferred')].map(
    ({ mainsnak }) => recordOf(recordOf(mainsnak)['datavalue'])['value'],
  );
}

function coordinatesOf(value: unknown): Concept['coordinates'] {
  const { latitude, longitude, globe } = recordOf(value);
  const isEarth = globe === undefined || (typeof globe === 'string' && globe.endsWith('/Q2'));
  const inRange = (number: unknown, most: number): number is number =>
    typeof number === 'number' && Math.abs(number) <= most;
  return isEarth && inRange(latitude, 90) && inRange(longitude, 180) ? { latitude, longitude } : undefined;
}

/** The items' titles in the wiki. */
async function readTitles(data: WikiApi, ids: readonly string[], signal: AbortSignal): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const call = {
    action: 'wbgetentities',
    ids: ids.slice(0, TITLES_A_CALL).join('|'),
    props: 'sitelinks',
    sitefilter: 'enwiki',
  };
  const entities = Object.entries(recordOf((await data(call, signal))['entities']));
  return new Map(
    entities.flatMap(([id, entity]) => {
      const title = recordOf(recordOf(recordOf(entity)['sitelinks'])['enwiki'])['title'];
      return typeof title === 'string' ? [[id, title] as const] : [];
    }),
  );
}

const isItem = (value: unknown): value is string => typeof value === 'string' && /^Q\d{1,12}$/.test(value);
const recordOf = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});
const records = (list: unknown): Record<string, unknown>[] => (Array.isArray(list) ? list.filter(isRecord) : []);

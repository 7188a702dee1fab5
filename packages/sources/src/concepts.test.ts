import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wikiConcepts } from './concepts.ts';

/** Both wikis on loopback: what they answer by action, and what they were asked. */
let asked: { path: string; parameters: URLSearchParams; agent: string | undefined }[];
let answers: Record<string, (parameters: URLSearchParams) => unknown>;
let origin: string;
let close: () => void;

beforeEach(async () => {
  asked = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://wiki');
    asked.push({ path: url.pathname, parameters: url.searchParams, agent: request.headers['user-agent'] });
    const answer = answers[`${url.searchParams.get('action')} ${url.searchParams.get('props') ?? ''}`.trim()];
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify(answer?.(url.searchParams) ?? {}));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  close = () => {
    server.closeAllConnections();
    server.close();
  };
});
afterEach(() => close());

const concepts = () =>
  wikiConcepts({
    contact: 'editor@example.org',
    version: '1.2.3',
    endpoint: `${origin}/wiki`,
    wikidataEndpoint: `${origin}/data`,
    pace: { perMinute: 60_000, atOnce: 3 },
    attempts: 1,
  });
const lookUp = (...titles: string[]) => concepts().lookUp(titles, AbortSignal.timeout(5_000));

const claim = (value: unknown, rank = 'normal') => ({ mainsnak: { snaktype: 'value', datavalue: { value } }, rank });

beforeEach(() => {
  // As the two APIs answer with formatversion 2.
  answers = {
    query: () => ({
      batchcomplete: true,
      query: {
        normalized: [{ fromencoded: false, from: 'kyiv', to: 'Kyiv' }],
        redirects: [
          { from: 'ISIS', to: 'ISIL' },
          { from: 'ISIL', to: 'Islamic State' },
          { from: 'Oxford vaccine', to: 'COVID-19 vaccine', tofragment: 'Oxford' },
        ],
        pages: [
          { pageid: 1, ns: 0, title: 'Islamic State', pageprops: { wikibase_item: 'Q2429253' } },
          { pageid: 2, ns: 0, title: 'Kyiv', pageprops: { wikibase_item: 'Q1899' } },
          { pageid: 3, ns: 0, title: 'COVID-19 vaccine', pageprops: { wikibase_item: 'Q87719492' } },
          { pageid: 4, ns: 0, title: 'Mercury', pageprops: { wikibase_item: 'Q48397', disambiguation: '' } },
          { ns: 0, title: 'Nobody at all', missing: true },
        ],
      },
    }),
    'wbgetentities claims': () => ({
      entities: {
        Q2429253: { claims: { P31: [claim({ id: 'Q17149090' })] } },
        Q1899: {
          claims: {
            P31: [claim({ id: 'Q5119' }), claim({ id: 'Q5' }, 'deprecated')],
            P625: [claim({ latitude: 50.45, longitude: 30.52, globe: 'http://www.wikidata.org/entity/Q2' })],
            P17: [claim({ id: 'Q15180' }), claim({ id: 'Q212' }, 'preferred')],
          },
        },
      },
      success: 1,
    }),
    'wbgetentities sitelinks': () => ({
      entities: { Q212: { sitelinks: { enwiki: { site: 'enwiki', title: 'Ukraine' } } } },
    }),
  };
});

describe('wikiConcepts', () => {
  it('follows redirects, and knows an item with its type, place and country', async () => {
    expect(await lookUp('ISIS', 'kyiv')).toEqual([
      { asked: 'ISIS', title: 'Islamic State', isPage: true, wikidata: 'Q2429253', type: 'organisation' },
      {
        asked: 'kyiv',
        title: 'Kyiv',
        isPage: true,
        wikidata: 'Q1899',
        type: 'place',
        coordinates: { latitude: 50.45, longitude: 30.52 },
        country: 'Ukraine',
      },
    ]);
  });

  it.each(['Mercury', 'Nobody at all', 'Oxford vaccine', 'Never mentioned'])(
    'takes %s for no concept',
    async (title) => {
      expect(await lookUp(title)).toEqual([{ asked: title, title, isPage: false }]);
    },
  );

  it('asks in three calls, and for a country once', async () => {
    const once = concepts();
    for (let time = 0; time < 2; time++) await once.lookUp(['kyiv', 'ISIS'], AbortSignal.timeout(5_000));
    expect(asked.map(({ path, parameters }) => `${path} ${parameters.get('titles') ?? parameters.get('ids')}`)).toEqual(
      ['/wiki kyiv|ISIS', '/data Q1899|Q2429253', '/data Q212', '/wiki kyiv|ISIS', '/data Q1899|Q2429253'],
    );
    for (const { agent } of asked) expect(agent).toMatch(/^Throughline\/1\.2\.3 \(editor@example\.org\) axios\//);
  });

  it('bears answers of the wrong shape', async () => {
    answers = {
      query: () => ({
        query: { pages: [{ title: 'Kyiv', pageprops: { wikibase_item: 'Q1899' } }, null], redirects: 'none' },
      }),
      'wbgetentities claims': () => ({
        entities: { Q1899: { claims: { P31: 'x', P625: [claim({ latitude: 95, longitude: 3 })], P17: [{}] } } },
      }),
    };
    expect(await lookUp('Kyiv')).toEqual([{ asked: 'Kyiv', title: 'Kyiv', isPage: true, wikidata: 'Q1899' }]);
  });

  it('refuses to ask for nobody, or for too much', async () => {
    expect(() => wikiConcepts({ contact: undefined, version: '1' })).toThrow('THROUGHLINE_CONTACT');
    await expect(lookUp(...Array.from({ length: 51 }, (_, i) => `Title ${i}`))).rejects.toThrow('51 titles');
  });
});

import type { Bench } from './main.ts';
import { attached } from './attached.ts';
import { likeRendered } from './rendered.ts';
import { splitEntities } from './splits.ts';

/** What was reached; it may only rise. */
export interface Floor {
  name: string;
  figures: (bench: Bench) => Promise<Record<string, number>>;
  least: Record<string, number>;
  most?: Record<string, number>;
}

const portal =
  (archive: string) =>
  async ({ lab, score, days }: Bench) => {
    const directory = await days(archive);
    const out = await lab(`${archive}.ndjson`, 'parse', directory);
    const text = score('score-portal.mjs', '--raw', directory, '--out', out);
    const percent = (label: string) => Number(new RegExp(`${label}\\s+([\\d.]+)%`).exec(text)?.[1]);
    return {
      events: Number(/events (\d+)/.exec(text)?.[1]),
      leafRecall: percent('leaf recall'),
      urlRecall: percent('url recall'),
      linkRecall: percent('link recall'),
      wordRecall: percent('word recall'),
      inventedWords: percent('invented words'),
    };
  };

/** Events read from wikitext beside those made from the rendered HTML of the same days by another route. */
const rendered = async ({ shared, lab, days }: Bench) => {
  const out = await lab('rendered.ndjson', 'parse', await days('days-2020-2022.tar.xz'));
  const gold = ['linked-2020-2021', 'linked-2022q1-dev'].map((name) => `${shared}/data/portal/${name}.jsonl.gz`);
  return likeRendered(out, gold);
};

const articles = async ({ shared, lab, score }: Bench) => {
  const directory = `${shared}/data/articles`;
  const manifest = `${directory}/gold.jsonl`;
  const out = await lab('articles.ndjson', 'extract', '--manifest', manifest, '--pages', `${directory}/pages`);
  const text = score('score-articles.mjs', out, '--gold', manifest);
  // field, corpus, pages, coverage, accuracy, its error, precision, recall, F1, other
  const row = (field: string) => new RegExp(`^${field} +ALL +(.*)$`, 'm').exec(text)?.[1]?.split(/ +/) ?? [];
  const accuracy = (field: string) => Number(row(field)[2]);
  const f1 = (field: string) => Number(row(field)[6]);
  const other = (field: string, name: string) =>
    Number(new RegExp(`${name} ([\\d.]+)`).exec(row(field).join(' '))?.[1]);
  return {
    title: accuracy('title'),
    titleNear: other('title', 'near'),
    authorsF1: f1('authors'),
    published: accuracy('published'),
    publishedInstant: other('published', 'instant'),
    description: accuracy('description'),
    image: accuracy('image'),
    siteName: accuracy('site_name'),
    language: accuracy('lang'),
    topicsF1: f1('topics'),
    bodyF1: f1('body'),
    badBodies: other('body', 'bad'),
    segments: accuracy('segments'),
  };
};

const tagging = async ({ shared, lab, score }: Bench) => {
  const portal = (name: string) => `${shared}/data/portal/${name}.jsonl.gz`;
  const train = `${portal('linked-1999-2017')},${portal('linked-2020-2021')}`;
  const gold = portal('linked-2022q1-dev');
  interface Scores {
    set: { F1: number };
    span: { F1: number };
    linkAcc: number;
  }
  const scored = async (file: string, ...options: string[]) => {
    const out = await lab(file, 'tag', '--train', train, '--in', gold, ...options);
    const [all, named] = [score('score-entities.mjs', gold, out), score('score-entities.mjs', gold, out, '--named')];
    return { all: JSON.parse(all) as Scores, named: JSON.parse(named) as Scores };
  };
  const frozen = await scored('frozen.jsonl');
  const online = await scored('online.jsonl', '--online');
  return {
    frozenSet: frozen.all.set.F1,
    frozenNamedSet: frozen.named.set.F1,
    onlineSet: online.all.set.F1,
    onlineNamedSet: online.named.set.F1,
    onlineNamedSpan: online.named.span.F1,
    onlineNamedTitle: online.named.linkAcc,
  };
};

const stories = async ({ shared, lab, score }: Bench) => {
  const events = `${shared}/data/relate/events-2020-2022.jsonl.gz`;
  const gold = `${shared}/data/relate/gold-threads-dev.jsonl`;
  const out = await lab('stories.ndjson', 'stories', '--events', events, '--among');
  const { bcubed } = JSON.parse(score('score-threads.mjs', gold, out)) as { bcubed: { F1: number } };
  return { bcubedF1: bcubed.F1, ...attached(out, gold) };
};

const entities = async ({ shared }: Bench) => {
  const files = ['linked-1999-2017', 'linked-2020-2021', 'linked-2022q1-dev'];
  const { joined, splits } = await splitEntities(files.map((name) => `${shared}/data/portal/${name}.jsonl.gz`));
  for (const split of splits) console.log(`     entities that ought to be one: ${split}`);
  return { joined, splits: splits.length };
};

const related = async ({ shared, lab, score }: Bench) => {
  const data = (name: string) => `${shared}/data/relate/${name}-2020-2022`;
  const gold = `${data('gold')}-dev.jsonl.gz`;
  const about = ['--events', `${data('events')}.jsonl.gz`, '--queries', gold, '--variant', 'earlier', '--explainable'];
  const out = await lab('related.jsonl', 'relate', ...about);
  const { nDCG10, R10 } = JSON.parse(score('score-related.mjs', gold, out, '--variant=earlier')) as Record<
    'nDCG10' | 'R10',
    number
  >;
  return { nDCG10, R10 };
};

export const floors: readonly Floor[] = [
  {
    name: 'articles',
    figures: articles,
    least: {
      title: 90.4,
      titleNear: 94,
      authorsF1: 87.8,
      published: 94.7,
      publishedInstant: 99.2,
      description: 85.3,
      image: 92.5,
      siteName: 88.4,
      language: 100,
      topicsF1: 69.9,
      bodyF1: 96.5,
      segments: 95.1,
    },
    most: { badBodies: 1.2 },
  },
  {
    name: 'tagging',
    figures: tagging,
    least: {
      frozenSet: 69.5,
      frozenNamedSet: 75.8,
      onlineSet: 72.1,
      onlineNamedSet: 78.2,
      onlineNamedSpan: 82.9,
      onlineNamedTitle: 92.8,
    },
  },
  {
    name: 'related',
    figures: related,
    least: { nDCG10: 64.6, R10: 69.5 },
  },
  {
    name: 'portal 1999–2017',
    figures: portal('raw-1999-2017.tar.xz'),
    least: { events: 66_895, leafRecall: 99.989, urlRecall: 99.998, linkRecall: 99.994, wordRecall: 99.992 },
    most: { inventedWords: 0.504 },
  },
  {
    name: 'portal 2020–2022',
    figures: portal('days-2020-2022.tar.xz'),
    least: { events: 12_997, leafRecall: 100, urlRecall: 100, linkRecall: 99.992, wordRecall: 99.999 },
    most: { inventedWords: 0.363 },
  },
  {
    name: 'portal against rendered pages',
    figures: rendered,
    least: { events: 12_995, text: 99.93, links: 100, sources: 100 },
  },
  {
    name: 'stories',
    figures: stories,
    least: { bcubedF1: 67.5, first: 74.5, withinThree: 86.5 },
  },
  {
    name: 'entities',
    figures: entities,
    least: { joined: 2_100 },
    most: { splits: 0 },
  },
];

import type {
  Category,
  Collected,
  CollectionPage,
  Day,
  DayItem,
  DayPage,
  EntityId,
  EventEntity,
  EventId,
  EventPage,
  EventReference,
  FrontPage,
  RelatedEvent,
  SearchHit,
  SourceCard,
  StoryId,
  StoryPage,
  Topic,
} from '@throughline/core';
import { slugOf } from '@throughline/core';

/** Days in tests are written as they are read. */
export const day = (text: string): Day => text as Day;

const id = (text: string): EventId => {
  let hash = 2_166_136_261;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16_777_619) >>> 0;
  return `00000000-0000-4000-8000-0000${hash.toString(16).padStart(8, '0')}` as EventId;
};

/** A reference to an event of that day and wording. */
export const aReference = (on: string, text: string): EventReference => ({
  id: id(on + text),
  day: day(on),
  slug: slugOf(text),
  text,
});

export const anEntity = (label: string, type: EventEntity['type'] = 'other'): EventEntity => ({
  id: (label.length + 1) as EntityId,
  label,
  slug: slugOf(label),
  type,
  by: 'link',
  mentions: [{ surface: label, origin: 'sentence', score: 1 }],
});

export const aSource = (parts: Partial<SourceCard> = {}): SourceCard => ({
  url: 'https://news.example/a',
  label: 'News Example',
  state: 'waiting',
  ...parts,
});

export function aRelated(on: string, text: string, parts: Partial<RelatedEvent> = {}): RelatedEvent {
  return { ...aReference(on, text), when: 'earlier', score: 1, context: ['Syria'], evidence: [], ...parts };
}

/** An event page of which only what matters need be said. */
export function anEventPage(parts: Partial<EventPage> = {}): EventPage {
  const on = parts.day ?? '2017-01-30';
  const text = parts.text ?? 'A bridge opens in a town.';
  return {
    ...aReference(on, text),
    section: '',
    topics: [],
    links: [],
    sources: [],
    entities: [],
    related: [],
    wordings: [{ text, seenAt: '2017-01-30T12:00:00Z' }],
    updatedAt: '2017-01-31T08:00:00.000Z',
    origin: {
      title: 'Portal:Current events/2017 January 30',
      url: 'https://en.wikipedia.org/wiki/Portal:Current_events/2017_January_30',
      license: 'CC BY-SA 4.0',
    },
    ...parts,
  };
}

export const anItem = (on: string, text: string, parts: Partial<DayItem> = {}): DayItem => ({
  ...aReference(on, text),
  section: '',
  topics: [],
  links: [],
  context: [],
  outlets: [],
  ...parts,
});

export const aDayPage = (on: string, items: DayItem[] = [], parts: Partial<DayPage> = {}): DayPage => ({
  day: day(on),
  items,
  updatedAt: `${on}T23:00:00.000Z`,
  ...parts,
});

export const aFrontPage = (days: DayPage[] = []): FrontPage => ({ days, updatedAt: '2017-01-31T08:00:00.000Z' });

/** A page of what some events have in common. */
export function aCollection(subject: Collected, parts: Partial<CollectionPage> = {}): CollectionPage {
  const items = parts.items ?? [anItem('2017-01-30', 'A bridge opens in a town.')];
  return {
    subject,
    count: items.length,
    firstDay: day('2015-12-08'),
    lastDay: day('2017-01-30'),
    months: [
      { month: '2015-12', events: 3 },
      { month: '2017-01', events: 1 },
    ],
    items,
    beside: [],
    updatedAt: '2017-01-31T08:00:00.000Z',
    ...parts,
  };
}

export function aStory(parts: Partial<StoryPage> = {}): StoryPage {
  const events = parts.events ?? [{ ...aReference('2017-01-30', 'A bridge opens in a town.'), outlets: ['Reuters'] }];
  const days = events.map((event) => event.day).toSorted();
  return {
    id: '00000000-0000-4000-8000-00000000abcd' as StoryId,
    slug: 'a-story',
    title: 'A story',
    firstDay: days[0] ?? day('2017-01-30'),
    lastDay: days.at(-1) ?? day('2017-01-30'),
    events,
    count: events.length,
    entities: [],
    updatedAt: '2017-01-31T08:00:00.000Z',
    ...parts,
  };
}

/** Something a search found, marked where it has the word. */
export function aHit(on: string, text: string, word: string): SearchHit {
  const start = text.indexOf(word);
  return { ...anItem(on, text), marks: start < 0 ? [] : [[start, start + word.length]] };
}

const topic = (text: string): Topic => ({ title: text, text });

const TEXT =
  "Six Russian long-range bombers strike Islamic State depots and a command post in Syria's Deir ez-Zor Governorate, the Russian Defence Ministry says.";

const linked = (surface: string, title: string): { start: number; end: number; surface: string; title: string } => {
  const start = TEXT.indexOf(surface);
  return { start, end: start + surface.length, surface, title };
};

/** An event as rich as the best documented ones: every part of a page is filled. */
export function aRichEvent(): EventPage {
  const first = 'Russian bombers strike Islamic State depots in Deir ez-Zor, the Russian Defence Ministry says.';
  const second =
    "Six Russian bombers strike Islamic State depots in Syria's Deir ez-Zor Governorate, the Defence Ministry says.";
  const context = ['Deir ez-Zor Governorate', 'Islamic State of Iraq and the Levant', 'Russian Defence Ministry'];
  return anEventPage({
    ...aReference('2017-01-30', TEXT),
    category: 'armed-conflicts',
    section: 'Armed conflicts and attacks',
    topics: [topic('Syrian Civil War'), topic('Russian military intervention in Syria')],
    links: [
      linked('Islamic State', 'Islamic State of Iraq and the Levant'),
      linked('Deir ez-Zor Governorate', 'Deir ez-Zor Governorate'),
      linked('Russian Defence Ministry', 'Ministry of Defence (Russia)'),
    ],
    sources: richSources(),
    entities: [
      anEntity('Deir ez-Zor Governorate', 'place'),
      anEntity('Islamic State of Iraq and the Levant', 'organisation'),
      anEntity('Russian Defence Ministry', 'organisation'),
      anEntity('Russian military intervention', 'event'),
      anEntity('Syria', 'place'),
    ],
    related: richRelated(context),
    wordings: [
      { text: first, slug: slugOf(first), seenAt: '2017-01-30T14:05:11Z', revision: 762_700_001 },
      { text: second, slug: slugOf(second), seenAt: '2017-01-30T17:20:45Z', revision: 762_700_420 },
      { text: TEXT, slug: slugOf(TEXT), seenAt: '2017-01-31T08:00:02Z', revision: 762_801_007 },
    ],
    story: {
      id: '00000000-0000-4000-8000-00000000abcd' as StoryId,
      slug: 'battle-for-deir-ez-zor',
      title: 'The battle for Deir ez-Zor',
      events: [
        aReference('2016-01-16', 'Islamic State fighters break into the northern suburbs of Deir ez-Zor.'),
        aReference('2017-01-14', 'Islamic State begins its largest assault on the besieged city in a year.'),
        aReference('2017-01-30', TEXT),
        aReference('2017-09-05', 'The Syrian Army breaks the siege of Deir ez-Zor after three years.'),
      ],
    },
    origin: {
      title: 'Portal:Current events/2017 January 30',
      url: 'https://en.wikipedia.org/wiki/Portal:Current_events/2017_January_30',
      revision: 762_801_007,
      license: 'CC BY-SA 4.0',
    },
  });
}

function richSources(): SourceCard[] {
  return [
    aSource({
      url: 'http://www.reuters.com/article/us-mideast-crisis-syria-russia-bombers-idUSKBN15E1KN',
      label: 'Reuters',
      outlet: 'Reuters',
      state: 'ok',
      capturedAt: '2017-01-30T15:02:40Z',
      archived: {
        url: 'https://web.archive.org/web/20170130160000/http://www.reuters.com/article/us-mideast-crisis-syria-russia-bombers-idUSKBN15E1KN',
        at: '2017-01-30T16:00:00Z',
      },
      article: {
        title: 'Russia says its bombers hit militant depots in eastern Syria',
        description:
          'Long-range aircraft flew from bases at home, crossed Iran and Iraq, and returned after the raid, Moscow said.',
        authors: ['Anna Example', 'Boris Muster'],
        published: '2017-01-30T13:41:00Z',
        siteName: 'Reuters',
        language: 'en',
        image: { url: 'https://s1.reutersmedia.net/resources/r/?m=02&d=20170130&w=1200' },
      },
      rules: {
        title: 'json-ld:headline',
        description: 'meta:og:description',
        authors: 'json-ld:author',
        published: 'json-ld:datePublished',
      },
    }),
    aSource({
      url: 'https://www.theguardian.com/world/2017/jan/30/russia-syria-deir-ez-zor',
      label: 'AFP via The Guardian',
      agency: 'AFP',
      outlet: 'The Guardian',
      state: 'gone',
      reason: '404',
      capturedAt: '2017-02-03T09:10:00Z',
    }),
    aSource({ url: 'https://tass.com/defense/928000', label: 'TASS', state: 'blocked', reason: 'robots.txt' }),
  ];
}

function richRelated(context: string[]): RelatedEvent[] {
  const evidence = [
    { signal: 'shared-entity', about: 'Deir ez-Zor Governorate', weight: 2.41 },
    { signal: 'shared-entity', about: 'Islamic State of Iraq and the Levant', weight: 0.92 },
    { signal: 'similar-text', weight: 0.71 },
    { signal: 'close-in-time', weight: 0.05 },
  ];
  return [
    aRelated('2015-12-08', 'A Russian submarine in the Mediterranean fires Kalibr missiles at targets near Raqqa.', {
      context,
      evidence,
      score: 4.09,
    }),
    aRelated(
      '2016-01-23',
      'Air strikes on villages in eastern Deir ez-Zor Governorate kill at least 47 civilians, monitors say.',
      {
        context: context.slice(0, 2),
        evidence: evidence.slice(0, 2),
        score: 3.33,
      },
    ),
    aRelated('2017-01-30', 'Government troops regain a hill above the besieged air base of Deir ez-Zor.', {
      when: 'same-day',
      context: context.slice(0, 1),
      evidence: evidence.slice(0, 1),
      score: 2.41,
    }),
    aRelated('2017-02-24', 'Iraqi aircraft strike Islamic State positions inside Syria for the first time.', {
      when: 'later',
      context: ['Islamic State of Iraq and the Levant', 'Syria'],
      evidence: evidence.slice(1, 3),
      score: 1.63,
    }),
  ];
}

/** A day with three headings, topics, and items of every length. */
export function aRichDay(on = '2017-01-30'): DayPage {
  const item = (category: Category, section: string, text: string, parts: Partial<DayItem> = {}): DayItem =>
    anItem(on, text, { category, section, ...parts });
  const conflicts = 'Armed conflicts and attacks';
  return aDayPage(
    on,
    [
      item('armed-conflicts', conflicts, TEXT, {
        topics: [topic('Syrian Civil War'), topic('Russian military intervention in Syria')],
        description:
          'Long-range aircraft flew from bases at home, crossed Iran and Iraq, and returned after the raid, Moscow said.',
        outlets: ['Reuters', 'The Guardian', 'TASS'],
        context: ['Deir ez-Zor Governorate', 'Syria'],
      }),
      item(
        'armed-conflicts',
        conflicts,
        'A gunman kills six people at a mosque in Quebec City during evening prayers.',
        {
          topics: [topic('Quebec City mosque shooting')],
          context: ['Quebec City', 'Islam in Canada'],
          outlets: ['CBC'],
        },
      ),
      item(
        'disasters-and-accidents',
        'Disasters and accidents',
        'A tourist boat is found after a night adrift off Sabah; 25 people are rescued.',
        {
          context: ['Sabah', 'Malaysia'],
          outlets: ['The Star'],
        },
      ),
      item(
        'law-and-crime',
        'Law and crime',
        'The acting Attorney General of the United States, Sally Yates, is dismissed after she tells her department not to defend a travel ban.',
        {
          topics: [topic('Executive Order 13769')],
          outlets: ['The New York Times', 'BBC News'],
          context: ['Sally Yates', 'Executive Order 13769'],
        },
      ),
    ],
    { previous: day('2017-01-29'), next: day('2017-01-31') },
  );
}

export const aRichFront = (): FrontPage =>
  aFrontPage([aRichDay('2017-01-30'), aRichDay('2017-01-29'), aRichDay('2017-01-28')]);

/** Text that breaks what is not careful: markup of every format, controls, right-to-left overrides. */
export const HOSTILE =
  '<script>globalThis.pwned = true</script><img src=x onerror="globalThis.pwned = true"> " \' & &amp; &#60; ]]> --> </title></style></textarea> [a](javascript:alert(1)) *b* _c_ `d` # e\n\n- f\n1. g \\ \u0000\u0008\u{ffff}\ud800 \u202eevil\u202c أحمد الشرع 李克强 ' +
  'wwwwwwwwww'.repeat(30);

const HOSTILE_URL = 'javascript:globalThis.pwned=true//<script>';

/** The same in every field that text can reach. */
export function aHostileEvent(): EventPage {
  const source = aSource({
    url: HOSTILE_URL,
    label: HOSTILE,
    agency: HOSTILE,
    outlet: HOSTILE,
    state: 'refused',
    reason: HOSTILE,
    capturedAt: HOSTILE,
    archived: { url: HOSTILE_URL, at: HOSTILE },
    article: {
      title: HOSTILE,
      description: HOSTILE,
      authors: [HOSTILE, HOSTILE],
      published: HOSTILE,
      modified: HOSTILE,
      siteName: HOSTILE,
      canonicalUrl: HOSTILE_URL,
      image: { url: HOSTILE_URL },
      language: HOSTILE,
      section: HOSTILE,
      keywords: [HOSTILE],
    },
    rules: { title: HOSTILE, description: HOSTILE, authors: HOSTILE },
  });
  const evidence = [{ signal: HOSTILE, about: HOSTILE, weight: Number.NaN }];
  return anEventPage({
    text: HOSTILE,
    section: HOSTILE,
    topics: [topic(HOSTILE), topic(HOSTILE)],
    links: [
      { start: 0, end: 8, surface: HOSTILE, title: HOSTILE },
      { start: 4, end: 12, surface: HOSTILE, title: HOSTILE },
      { start: -5, end: 9e9, surface: HOSTILE, title: HOSTILE },
      { start: Number.NaN, end: 3, surface: HOSTILE, title: '' },
    ],
    sources: [source, aSource({ url: 'https://user:secret@news.example/"><script>', label: '' })],
    entities: [anEntity(HOSTILE), anEntity(HOSTILE)],
    related: [aRelated('2016-01-01', HOSTILE, { context: [HOSTILE, 'a, b'], evidence, score: Number.NaN })],
    wordings: [
      { text: `${HOSTILE} old`, slug: 'old', seenAt: HOSTILE, revision: 1 },
      { text: HOSTILE, seenAt: '2017-01-31T08:00:02Z' },
    ],
    story: { id: HOSTILE as StoryId, slug: HOSTILE, title: HOSTILE, events: [aReference('2016-01-01', HOSTILE)] },
    updatedAt: HOSTILE,
    origin: { title: HOSTILE, url: HOSTILE_URL, revision: 1, license: HOSTILE },
  });
}

export function aHostileDay(on = '2017-01-30'): DayPage {
  const item = anItem(on, HOSTILE, {
    section: HOSTILE,
    topics: [topic(HOSTILE)],
    description: HOSTILE,
    context: [HOSTILE],
    outlets: [HOSTILE],
    image: HOSTILE_URL,
  });
  return aDayPage(on, [item, anItem(on, 'An item without a heading.')], { updatedAt: HOSTILE });
}

import type { Category } from '@throughline/core';

/** No heading is longer. */
const MAX_LENGTH = 200;

/** What each part of a heading means; a heading is one or more parts, as `Law and crime`. */
const PARTS: Record<string, Category> = {};

function learn(category: Category, parts: string): void {
  for (const part of parts.split('|')) PARTS[part] = category;
}

learn(
  'armed-conflicts',
  'armed conflict|armed attack|conflict|attack|incident|armed incident|war|military|terrorism|armed conflict and attack',
);
learn(
  'arts-and-culture',
  'art|culture|cuture|entertainment|media|people|literature|television|music|film|architecture|gaming|celebration',
);
learn('business-and-economy', 'business|economy|economic|finance|the economy|market|trade');
learn('disasters-and-accidents', 'disaster|accident|natural disaster|impact');
learn('health-and-environment', 'health|medicine|environment|enviornment|ecology|wellness|public health|climate');
learn('international-relations', 'international relation|diplomacy|foreign relation|foreign affair');
learn('law-and-crime', 'law|crime|order|justice|legal|law enforcement|court|arrest|detention|prosecution');
learn('politics-and-elections', 'politics|election|government|political election|political');
learn(
  'science-and-technology',
  'science|technology|innovation|discovery|physics|exploration|space|natural history|archaeology|nature|mathematics',
);
learn('sports', 'sport|recreation');
learn('deaths', 'death|obituary|died');
learn(
  'other',
  'other|miscellaneous|miscellaneous news|other current event|general news|news|current event|religion|spirituality|religious affair|education|society|history|geography|transport|human rights',
);

/** Headings whose parts disagree but whose place on the page is settled: older names of today's headings. */
const WHOLE: Record<string, Category> = {
  'science and weather': 'science-and-technology',
  'science and health': 'science-and-technology',
  'science and environment': 'science-and-technology',
  'science and medicine': 'science-and-technology',
  'science, medicine and technology': 'science-and-technology',
  'disasters and incidents': 'disasters-and-accidents',
  'arts, culture and society': 'arts-and-culture',
};

/** The headings of most days, looked up without taking them apart. */
const USUAL = new Map<string, Category | undefined>(
  [
    'Armed conflicts and attacks',
    'Arts and culture',
    'Business and economy',
    'Business and economics',
    'Disasters and accidents',
    'Disasters',
    'Health and environment',
    'Health',
    'International relations',
    'Law and crime',
    'Politics and elections',
    'Politics',
    'Science and technology',
    'Science',
    'Sport',
    'Sports',
  ].map((heading) => [heading, ofParts(heading)]),
);

/** The category of a heading, whatever its spelling; undefined for one whose parts are unknown or of several categories. */
export function categoryOf(heading: string): Category | undefined {
  return USUAL.get(heading) ?? (heading.length > MAX_LENGTH ? undefined : ofParts(heading));
}

function ofParts(heading: string): Category | undefined {
  const name = heading
    .toLowerCase()
    .replaceAll('&', ' and ')
    .replace(/[^\p{L}\p{N},]+/gu, ' ')
    .replace(/^[\s,]+|[\s,]+$/g, '');
  if (Object.hasOwn(WHOLE, name)) return WHOLE[name];
  const found = new Set(name.split(/\s*,\s*(?:and\s+)?|\s+and\s+/).map(partCategory));
  const [category] = found;
  return found.size === 1 ? category : undefined;
}

function partCategory(part: string): Category | undefined {
  const singular = part.replace(/ies$/, 'y').replace(/s$/, '');
  return lookUp(part) ?? lookUp(part.replace(/s$/, '')) ?? lookUp(singular) ?? lookUp(part.replace(/es$/, ''));
}

function lookUp(part: string): Category | undefined {
  return Object.hasOwn(PARTS, part) ? PARTS[part] : undefined;
}

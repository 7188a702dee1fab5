/** The portal's headings, normalised. The raw heading is always kept beside it. */
export const CATEGORIES = [
  'armed-conflicts',
  'arts-and-culture',
  'business-and-economy',
  'disasters-and-accidents',
  'health-and-environment',
  'international-relations',
  'law-and-crime',
  'politics-and-elections',
  'science-and-technology',
  'sports',
  'deaths',
  'other',
] as const;

export type Category = (typeof CATEGORIES)[number];

/** What a reader sees for each category. */
export const CATEGORY_LABELS: Record<Category, string> = {
  'armed-conflicts': 'Armed conflicts and attacks',
  'arts-and-culture': 'Arts and culture',
  'business-and-economy': 'Business and economy',
  'disasters-and-accidents': 'Disasters and accidents',
  'health-and-environment': 'Health and environment',
  'international-relations': 'International relations',
  'law-and-crime': 'Law and crime',
  'politics-and-elections': 'Politics and elections',
  'science-and-technology': 'Science and technology',
  sports: 'Sports',
  deaths: 'Deaths',
  other: 'Other',
};

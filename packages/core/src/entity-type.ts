import type { EntityType } from './entity.ts';

/** Words that say what a title is, each for one type. Whole words, in any case. */
const CUES: readonly (readonly [EntityType, RegExp])[] = [
  ['work', /\((?:(?:\d{4} )?film|album|song|novel|book|TV series|video game|play|magazine|newspaper)\)$/i],
  [
    'person',
    /\((?:politician|footballer|actor|actress|musician|singer|cricketer|journalist|businessman|boxer|author|bishop)\)$/i,
  ],
  ['person', /^(?:Pope|Queen|King|Prince|Princess|Emperor|Saint|Sultan) \p{Lu}/u],
  [
    'event',
    /\b(?:elections?|referendum|wars?|civil war|invasion|battle|siege|bombings?|shootings?|massacre|attacks?|assassination|earthquakes?|tsunami|floods?|hurricane|typhoon|cyclone|wildfires?|eruption|pandemic|epidemic|outbreak|protests?|riots?|uprising|revolution|coup d'état|insurgency|crisis|summit|olympics|paralympics|world cup|grand prix|championships?|super bowl|scandal|hijacking|crash|derailment|stampede|explosion|fires?|famine|peace talks)\b/i,
  ],
  ['event', /^(?:\d{4}(?:[–-]\d{2,4})?) \p{L}/u],
  [
    'organisation',
    /\b(?:party|army|navy|air force|armed forces|ministry|department of|university|college|company|corporation|inc\.?|ltd\.?|union|council|parliament|congress|senate|house of (?:commons|lords|representatives)|national assembly|court|bank|agency|organi[sz]ation|committee|commission|government|police|guard|airlines?|airways|association|federation|league|institute|foundation|front|movement|group|brigades?|F\.?C\.?|C\.?F\.?|times|news|broadcasting|television|united nations)\b/i,
  ],
  [
    'place',
    /\b(?:province|county|district|governorate|oblast|prefecture|region|islands?|peninsula|river|lake|ocean|gulf|strait|mount|mountains?|valley|desert|airport|international airport|strip|city|state|republic|kingdom|territory|bay)\b/i,
  ],
  ['place', /^[\p{L}\p{M}'’ .-]+, \p{Lu}[\p{L}\p{M}'’ .-]+$/u],
];

/** Offices and other general notions, in which a cue names only what they belong to: `President of the European Council`. */
const NOTION =
  /^(?:list of|president|prime minister|vice president|minister|secretary|governor|chancellor|speaker|member|leader|chief|attorney|ambassador|history|economy|politics|human rights|nuclear|suicide)\b/i;

/**
 * What sort of thing a title names, by its form alone: `other` where that does
 * not tell, as for most people and towns. For where the wiki cannot be asked.
 */
export function typeOfTitle(title: string): EntityType {
  if (NOTION.test(title)) return 'other';
  return CUES.find(([, cue]) => cue.test(title))?.[0] ?? 'other';
}

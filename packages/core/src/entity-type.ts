import type { EntityType } from './entity.ts';

type Cue = readonly [EntityType, RegExp];

/** What the disambiguator of a title says: `planet` in `Mercury (planet)`. */
const SORTS: readonly Cue[] = [
  [
    'work',
    /\b(?:film|album|song|single|novel|book|play|opera|magazine|newspaper|website|series|video game|programme)$/i,
  ],
  [
    'person',
    /\b(?:politician|minister|senator|president|general|officer|soldier|diplomat|lawyer|judge|activist|militant|terrorist|victim|businessman|businesswoman|journalist|author|writer|poet|director|actor|actress|musician|singer|rapper|broadcaster|presenter|scientist|economist|bishop|cardinal|priest|footballer|cricketer|golfer|cyclist|swimmer|boxer|runner|sprinter|racing driver|player|born \d{4})$/i,
  ],
  ['organisation', /\b(?:company|organi[sz]ation|airline|party|band|group|retailer|team|club|agency)$/i],
  [
    'place',
    /\b(?:city|town|village|municipality|country|province|county|district|island|river|lake|mountain|volcano|street|building|stadium|crater|planet|moon)$/i,
  ],
  ['event', /\b(?:storm|battle|event|tournament|festival)$/i],
];

/** Words that say what a title is, each for one type; the first that is met says it. */
const CUES: readonly Cue[] = [
  [
    'other',
    / v\.? |\b(?:act|bill|law|treaty|agreement|convention|protocol|resolution|opinion) (?:of|on|for)\b|\bAct$|\b(?:awards?|prize|medal)\b(?! ceremony)|\bextinguisher$|\b(?:relations|disputes?)$/i,
  ],
  [
    'person',
    /^(?:Pope|Queen|King|Prince|Princess|Emperor|Saint|Sultan|Sheikh|Archbishop|Cardinal) (?!(?:George|Edward|William) )\p{Lu}\p{L}+(?! (?:Street|Road|Hospital|University|Airport|Station|Island|Square))(?:,| of | \p{Lu}[\p{L} -]+$|$)|, [JS]r\.?$/u,
  ],
  [
    'event',
    /\bflight \w*\d+$|\b(?:elections?|primary|caucus(?:es)?|referendum|wars?|invasion|battle|siege|bombings?|shootings?|massacre|attacks?|assassination|murder of|death of|killing of|kidnapping of|trial of|earthquakes?|tsunami|floods?|hurricane|typhoon|(?:tropical )?storm|cyclone(?! \d)|wildfires?|bushfires?|eruption|pandemic|epidemic|outbreak|protests?|riots?|unrest|clashes|uprising|revolution|coup d'état|insurgency|crisis|summit|olympics|paralympics|world cup|grand prix|championships?|super bowl|scandal|hijacking|(?<!to )crash|derailment|stampede|explosion|(?<!cease)fires?|famine|peace talks|incident|offensive|airstrikes?|disaster|collapse of|sinking|finals|takeover(?: bid)?|(?:olympic|asian|commonwealth) games)\b/i,
  ],
  ['event', /^(?:\d{4}(?:[–-]\d{2,4})?) \p{L}|^Operation \p{Lu}|^Apollo \d|\bMeeting,? \d{4}$/u],
  [
    'organisation',
    /\b(?:party|army|navy|fleet|air force|armed forces|military of|coast guard|ministry|department of|university|college|company|corporation|corp\.?|inc\.?|ltd\.?|limited|plc|holdings|motors|airlines?|airways|air lines|aviation|pharmaceuticals?|union|council|parliament|duma|congress|senate|house of (?:commons|lords|representatives)|national assembly|court|bank|agency|authority|bureau|organi[sz]ation|committee|commission|cabinet of|government|police|guard|association|federation|confederation|league|institute|foundation|front|movement|group|brigades?|battalion|regiment|f\.?c\.?|c\.?f\.?|team|times|news|magazine|broadcasting|television|radio|united nations|watch|command|registry|diocese)\b|\.com$/i,
  ],
  [
    'place',
    /\b(?:province|county|district|governorate|oblast|krai|prefecture|region|islands?|peninsula|river|lake|sea|ocean|gulf|strait|canal|mount|mountains?|valley|desert|airport|airbase|air base|station|stadium|arena|bridge|dam|tower|palace|prison|cathedral|mosque|hospital|building|embassy|museum|park|square|street|(?<!rail )road|avenue|strip|city|town|village|republic|kingdom|territory|bay|nuclear power plant|refugee camp|border crossing)\b(?! (?:Rangers|City|Town|United|Devils|University))|\p{L} State$/iu,
  ],
  ['place', /^[\p{L}\p{M}'’ .-]+, \p{Lu}[\p{L}\p{M}'’ .-]+$/u],
];

/** Offices and other general notions, in which a cue names only what they belong to: `President of the European Council`. */
const NOTION =
  /^(?:lists? of|president|first lady|prime minister|deputy|vice president|minister|secretary|governor|chancellor|speaker|member|leader|chief|attorney|ambassador|mayor of|king of|queen of|emperor of|monarchy of|history|geography|demographics|people of|constitution|politics|economy|energy|tourism|religion|education|law|human rights|women|freedoms?|same-sex|capital punishment|abortion|nuclear (?!power plant)|suicide|foreign relations|international (?:relations|law|response|reactions?|security))\b/i;

const DISAMBIGUATOR = / \(([^()]+)\)$/;

/** What a title names, without its disambiguator. */
export const nameOf = (title: string): string => title.replace(DISAMBIGUATOR, '');

/**
 * What sort of thing a title names, by its form alone: `other` where that does
 * not tell, as for most people and towns. For where the wiki cannot be asked.
 */
export function typeOfTitle(title: string): EntityType {
  const sort = DISAMBIGUATOR.exec(title)?.[1] ?? '';
  return first(SORTS, sort) ?? typeOfName(nameOf(title));
}

const typeOfName = (name: string): EntityType => (NOTION.test(name) ? 'other' : (first(CUES, name) ?? 'other'));

const first = (cues: readonly Cue[], text: string): EntityType | undefined =>
  cues.find(([, cue]) => cue.test(text))?.[0];

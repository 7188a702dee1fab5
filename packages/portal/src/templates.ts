import { citation } from './citations.ts';
import type { CitedSource } from '@throughline/core';

/** A template's name, lower-case, and its arguments: `1`, `2`, … by place, others by name; wikitext, trimmed. */
export interface Template {
  name: string;
  arguments: ReadonlyMap<string, string>;
}

/** What a template shows. */
export interface Rendering {
  /** Wikitext to read in the template's place. */
  wikitext: string;
  source?: CitedSource;
  /** Arguments that are neither shown nor part of the source. */
  unused: string[];
}

/** Shows its arguments by these rules: a key is an argument, anything else stands for itself. */
type Rule = (argument: (key: string) => string) => string;

/** What follows so many arguments is part of the last one. */
const MAX_ARGUMENTS = 60;

/** Splits what stands between `{{` and `}}`. Bars inside links and inner templates do not separate. */
export function readTemplate(inner: string): Template {
  const [name = '', ...parts] = splitAtBars(inner);
  const named = new Map<string, string>();
  let place = 0;
  for (const part of parts) {
    const match = /^\s*([\w -]{1,40}?)\s*=/.exec(part);
    if (match?.[1]) named.set(match[1].toLowerCase(), part.slice(match[0].length).trim());
    else named.set(String(++place), part.trim());
  }
  return {
    name: name
      .replace(/[_\s]+/g, ' ')
      .trim()
      .toLowerCase(),
    arguments: named,
  };
}

function splitAtBars(inner: string): string[] {
  if (!inner.includes('|')) return [inner];
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < inner.length; i++) {
    const c = inner[i];
    if ((c === '[' || c === '{') && inner[i + 1] === c) {
      depth++;
      i++;
    } else if ((c === ']' || c === '}') && inner[i + 1] === c) {
      depth--;
      i++;
    } else if (c === '|' && depth <= 0 && parts.length < MAX_ARGUMENTS) {
      parts.push(inner.slice(from, i));
      from = i + 1;
    }
  }
  parts.push(inner.slice(from));
  return parts;
}

const RULES: Record<string, Rule> = {};

function rule(names: string, show: Rule): void {
  for (const name of names.split('|')) RULES[name] = show;
}

rule('nowrap|nobr|nobreak|small|smaller|big|nobold|noitalic|em|strong|abbr|tooltip|as of|sic|larger', (a) => a('1'));
rule('lang|transl|transliteration|script', (a) => a('2'));
rule('ill|interlanguage link|interlanguage link multi|red link|illm|link-interwiki', (a) => {
  const label = a('lt') || a('display');
  return label ? `[[${a('1')}|${label}]]` : `[[${a('1')}]]`;
});
rule("'|`", () => "'");
rule("'s", () => "'s");
rule('nbsp|space|spaces', () => ' ');
rule('spaced ndash|snd|spnd|spaced en dash|–', () => ' – ');
rule('spaced mdash|mdash|em dash|—', () => ' — ');
rule('ndash|en dash|dash', () => '–');
rule('okina|hamza', () => 'ʻ');
rule('pipe|!', () => '|');
rule('=', () => '=');
rule('frac|fraction|sfrac', (a) => {
  if (a('3')) return `${a('1')} ${a('2')}/${a('3')}`;
  const fraction = a('2') ? `${a('1')}/${a('2')}` : `1/${a('1')}`;
  return VULGAR[fraction] ?? fraction;
});
rule('convert|cvt|conv', showConvert);
rule('us$|usd|us dollar', (a) => `US$${a('1')}`);
for (const sign of ['a$', 'c$', 'nz$', 'hk$', 's$', 'nt$', 'r$']) rule(sign, (a) => sign.toUpperCase() + a('1'));
rule('aud', (a) => `A$${a('1')}`);
rule('cad', (a) => `C$${a('1')}`);
rule('euro|eur|€', (a) => `€${a('1')}`);
rule('gbp|pound sterling|£|pound', (a) => `£${a('1')}`);
rule('inr|indian rupee|indianrupee|₹', (a) => `₹${a('1')}`);
rule('jpy|yen|cny|rmb|¥', (a) => `¥${a('1')}`);
rule('krw|won|₩', (a) => `₩${a('1')}`);
rule('currency', (a) => `${a('1')} ${a('2')}`);
rule('flag|flagu|flagcountry|flagdeco|flag+link|fb|fbw|bk|ih|cr|ru|fbu|flagteam|country', (a) => a('name') || a('1'));
rule('ship', (a) => shipName(a('1'), a('2')));
rule('sclass|sclass-|sclass2|sclass2-', (a) => `''${a('1')}''-class ${a('2')}`);
rule('ov', (a) => ORBITERS[a('1')] ?? `OV-${a('1')}`);
rule('chem|chem2|ce', (a) => ['1', '2', '3', '4', '5', '6', '7', '8', '9'].map(a).join(''));
rule('mp|dp|minor planet', (a) => a('1') + a('2'));
rule('us patent|us patent application', (a) => `U.S. patent ${a('1')}`);
rule('twitter', (a) => (a('2') ? `${a('2')} (@${a('1')})` : `@${a('1')}`));
rule('visible anchor|vanchor|sup|sub|angbr|color box|quote|char|midsize|lc|uc|ucfirst', (a) => a('1'));
rule('afl gee', () => 'Geelong');
rule('afl mel', () => 'Melbourne');

/** Fractions that have a character, which cannot run together with a number before them. */
const VULGAR: Record<string, string> = { '1/2': '½', '1/4': '¼', '3/4': '¾', '1/3': '⅓', '2/3': '⅔', '1/8': '⅛' };

/** NASA's space shuttles by their orbiter vehicle number. */
const ORBITERS: Record<string, string> = {
  '101': 'Enterprise',
  '102': 'Columbia',
  '103': 'Discovery',
  '104': 'Atlantis',
  '105': 'Endeavour',
};

/** Prefixes of ships, each the name of a template of its own. */
const SHIP_PREFIXES = new Set(
  'mv|ms|uss|hms|hmcs|hmas|hmnzs|rms|ss|ins|uscgc|usns|mt|mts|fv|rv|rfa|jds|roks|bap|ara|brp|hdms|hnlms|hnoms|hswms|hmt|mf|my|sy|ps|pns|rss|kri|kd|eml|usat|usrc|usav|ts|gts|mva|msc|hmhs|sms|sas|bns|slns|tcg|js'.split(
    '|',
  ),
);

/** Templates that mark a place for editors and show readers nothing of the day, or only a small picture. */
const SILENT =
  /^(?:dead link|dl|webarchive|wayback|cbignore|fact|cn|citation needed|clarify|what\?|which\??|who\??|when\??|rs\??|dn|disambiguation needed|weasel-inline|better source.*|unreliable source.*|pp-.*|update.*|see also|main|further|clear|reflist|refbegin|refend|flagicon.*|flag icon|age in .*|[a-z]{2,3} icon|in lang|link language|verify.*|failed verification|full citation needed|subscription.*|registration required|paywall|blacklisted-links|redirect|vague|ambiguous|by whom|pov.*|dubious.*|coord|nbay0)$/;

/** What a template shows, as wikitext. Unknown ones show their first unnamed argument; nothing is made up. */
export function render(template: Template): Rendering {
  const { name, arguments: all } = template;
  const cited = citation(template);
  if (cited) return cited;
  if (SILENT.test(name)) return { wikitext: '', unused: entries(all) };
  const used = new Set<string>();
  const argument = (key: string): string => {
    if (all.has(key)) used.add(key);
    return all.get(key) ?? '';
  };
  const wikitext = ruleFor(name)(argument);
  return { wikitext, unused: entries(all, used) };
}

const entries = (all: ReadonlyMap<string, string>, except?: ReadonlySet<string>): string[] =>
  [...all].filter(([key]) => !except?.has(key)).map(([key, value]) => `${key}=${value}`);

function ruleFor(name: string): Rule {
  if (Object.hasOwn(RULES, name)) return RULES[name] as Rule;
  if (SHIP_PREFIXES.has(name)) return (a) => shipLink(name.toUpperCase(), a);
  return (a) => a('1');
}

function shipLink(prefix: string, a: (key: string) => string): string {
  const [name, hull] = [a('1'), a('2')];
  a('3');
  const title = hull ? `${prefix} ${name} (${hull})` : `${prefix} ${name}`;
  return `[[${title}|${prefix} ${name}]]`;
}

const shipName = (prefix: string, name: string): string => `${prefix} ${name}`.trim();

const UNITS: Record<string, string> = {
  c: '°C',
  f: '°F',
  k: 'K',
  km2: 'km²',
  m2: 'm²',
  sqmi: 'sq mi',
  sqft: 'sq ft',
  m3: 'm³',
  km3: 'km³',
  cuft: 'cu ft',
  cumi: 'cu mi',
  'cuft/s': 'cu ft/s',
  'm3/s': 'm³/s',
  kph: 'km/h',
  '°c': '°C',
  '°f': '°F',
  oilbbl: 'barrels',
  acre: 'acres',
  tonne: 'tonnes',
};

const BETWEEN = /^(?:to|-|–|and|or|by|x|×|to\(-\)|and\(-\)|\+\/-|±|,)$/;

/** `26.7|C` as `26.7 °C`, `80|to|100|km` as `80 to 100 km`: the value and unit of the source, without the converted one. */
function showConvert(a: (key: string) => string): string {
  const between = a('2');
  if (!BETWEEN.test(between)) return `${a('1')} ${unit(between)}`.trim();
  const words = /^\w/.test(between) && between !== 'x' ? ` ${between} ` : between === 'x' ? ' × ' : '–';
  return `${a('1')}${words}${a('3')} ${unit(a('4'))}`.trim();
}

const unit = (code: string): string => UNITS[code.toLowerCase()] ?? code;

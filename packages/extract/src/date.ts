import type { Dated } from '@throughline/core';
import { attribute } from './html/attributes.ts';
import { MONTHS } from './months.ts';
import type { Page } from './page.ts';
import { parseAddress } from './url.ts';

/** What is known about a page that settles how its dates are to be read. */
export interface DateContext {
  /** Primary language subtag, where known. */
  language?: string | undefined;
  /** Whether `01/02/2003` is the second of January there. */
  monthFirst?: boolean | undefined;
}

/** Zone names in news copy that are not ambiguous there, in minutes east of UTC. */
const ZONES: Record<string, number> = {
  z: 0,
  utc: 0,
  gmt: 0,
  bst: 60,
  wet: 0,
  west: 60,
  cet: 60,
  cest: 120,
  mez: 60,
  mesz: 120,
  eet: 120,
  eest: 180,
  msk: 180,
  est: -300,
  edt: -240,
  et: -300,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
  ist: 330,
  jst: 540,
  kst: 540,
  hkt: 480,
  sgt: 480,
  aest: 600,
  aedt: 660,
  wib: 420,
  pht: 480,
};

/** Dates before the web's news archives begin or in the far future are misread numbers. */
const MIN_YEAR = 1990;
const MAX_YEAR = 2100;

const ISO =
  /^(\d{4})[- ](\d{1,2})[- ](\d{1,2})(?:[T\s,]\s*(\d{1,2}):(\d{2})(?::(\d{1,2})(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|GMT|[+-]\d{1,2}:?\d{2}|[+-]\d{2})?/i;

/** The date that `text` is or begins with; undefined where it is none. Zone and time are kept only where they are given. */
export function parseDate(text: string, context: DateContext = {}): Dated | undefined {
  const folded = text.slice(0, 300).replace(/\s+/g, ' ').trim();
  return parseIso(folded) ?? parseStamp(folded) ?? parseWritten(folded, context);
}

function parseIso(text: string): Dated | undefined {
  const match = ISO.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, , zone] = match;
  return compose({
    year: Number(year),
    month: Number(month),
    day: Number(day),
    ...(hour === undefined
      ? {}
      : { time: { hour: Number(hour), minute: Number(minute), second: Number(second ?? 0) } }),
    ...(hour === undefined || zone === undefined ? {} : { zone: zoneOf(zone) }),
  });
}

/** Digits alone: `20240131`, `20240131T0930Z`, seconds or milliseconds since the epoch. */
function parseStamp(text: string): Dated | undefined {
  const compact = /^(\d{4})(\d{2})(\d{2})(?:T?(\d{2}):?(\d{2})(?::?(\d{2}))?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i.exec(text);
  if (compact) {
    const [, year, month, day, hour, minute, second, zone] = compact;
    const composed = compose({
      year: Number(year),
      month: Number(month),
      day: Number(day),
      ...(hour === undefined
        ? {}
        : { time: { hour: Number(hour), minute: Number(minute), second: Number(second ?? 0) } }),
      ...(hour === undefined || zone === undefined ? {} : { zone: zoneOf(zone) }),
    });
    if (composed) return composed;
  }
  if (!/^1\d{9}(?:\d{3})?(?:\.\d+)?$/.test(text)) return undefined;
  const number = Number(text);
  return new Date(number > 1e11 ? number : number * 1000).toISOString().replace(/\.000Z$/, 'Z');
}

interface Parts {
  year: number;
  month: number;
  day: number;
  time?: { hour: number; minute: number; second: number };
  /** Minutes east of UTC. */
  zone?: number | undefined;
}

const pad = (number: number, width = 2) => String(number).padStart(width, '0');

function compose({ year, month, day, time, zone }: Parts): Dated | undefined {
  if (year < MIN_YEAR || year > MAX_YEAR || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) {
    return undefined;
  }
  const date = `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
  if (!time || time.hour > 24 || time.minute > 59 || time.second > 60) return date;
  return `${date}T${pad(time.hour % 24)}:${pad(time.minute)}:${pad(Math.min(time.second, 59))}${writeZone(zone)}`;
}

const daysIn = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate();

function writeZone(zone: number | undefined): string {
  if (zone === undefined) return '';
  if (zone === 0) return 'Z';
  const size = Math.abs(zone);
  return `${zone < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

/** An instant (milliseconds since the epoch) as a clock `offset` minutes east of UTC shows it. */
export function atOffset(instant: number, offset: number): Dated {
  const local = new Date(instant + offset * 60_000).toISOString();
  return local.slice(0, 19) + writeZone(offset);
}

function zoneOf(written: string): number | undefined {
  const offset = /^([+-])(\d{1,2}):?(\d{2})?$/.exec(written);
  if (!offset) return ZONES[written.toLowerCase()];
  const minutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0);
  return minutes > 14 * 60 ? undefined : offset[1] === '-' ? -minutes : minutes;
}

const TIME =
  /(?:^|[^\d:.])(\d{1,2})[:.h](\d{2})(?::(\d{2}))?(?:\s*h)?\s*([ap]\.?\s?m\b\.?)?\s*\(?([A-Za-z]{1,4}\b|[+-]\d{2}:?\d{2})?/i;

/** `午後8時30分`, `오전 8시 30분`, `8点30分`. */
const EASTERN_TIME = /(午前|午後|上午|下午|오전|오후)?\s?(\d{1,2})\s?[時时点시](?:\s?(\d{2})\s?[分분])?/;
const AFTERNOON = /午後|下午|오후/;

function parseWritten(text: string, context: DateContext): Dated | undefined {
  const found = findWords(text) ?? findNumbers(text, context);
  if (!found) return undefined;
  const rest = (text.slice(0, found.start) + ' ' + text.slice(found.end)).replace(
    EASTERN_TIME,
    (_, half: string | undefined, hour: string, minute = '00') =>
      ` ${hour}:${minute} ${half === undefined ? '' : AFTERNOON.test(half) ? 'pm' : 'am'} `,
  );
  const time = TIME.exec(rest);
  if (!time) return compose(found);
  const [, hour, minute, second, half, zone] = time;
  const afternoon = half ? /^p/i.test(half) : undefined;
  const hours = afternoon === undefined ? Number(hour) : (Number(hour) % 12) + (afternoon ? 12 : 0);
  const offset = zone === undefined ? undefined : zoneOf(zone);
  return compose({
    ...found,
    time: { hour: hours, minute: Number(minute), second: Number(second ?? 0) },
    zone: offset,
  });
}

type Found = Parts & { start: number; end: number };

const DAY_FIRST =
  /(?<![\d\p{L}])(\d{1,2})(?:st|nd|rd|th|er|\.|º|-?го)?[\s/-]*(?:of\s|de\s|d['’]|بتاريخ\s)?\s*(\p{L}[\p{L}\p{M}]+)\.?,?[\s/-]*(?:de\s|del\s)?\s*(\d{4})(?!\d)/u;
const MONTH_FIRST = /(?<!\p{L})(\p{L}[\p{L}\p{M}]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,|\s|\.)\s*(\d{4})(?!\d)/u;
const EAST_ASIAN = /(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]/;

function findWords(text: string): Found | undefined {
  const eastAsian = EAST_ASIAN.exec(text);
  if (eastAsian) return found(eastAsian, Number(eastAsian[1]), Number(eastAsian[2]), Number(eastAsian[3]));
  const dayFirst = DAY_FIRST.exec(text);
  const month = dayFirst && monthOf(dayFirst[2]!);
  if (dayFirst && month) return found(dayFirst, Number(dayFirst[3]), month, Number(dayFirst[1]));
  const monthFirst = MONTH_FIRST.exec(text);
  const named = monthFirst && monthOf(monthFirst[1]!);
  if (monthFirst && named) return found(monthFirst, Number(monthFirst[3]), named, Number(monthFirst[2]));
  return undefined;
}

const found = (match: RegExpExecArray, year: number, month: number, day: number): Found => ({
  year,
  month,
  day,
  start: match.index,
  end: match.index + match[0].length,
});

function monthOf(word: string): number | undefined {
  const folded = word.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return MONTHS.get(folded) ?? MONTHS.get(folded.slice(0, 3));
}

const NUMBERS = /(?<![\d.])(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?![\d])/;
const YEAR_FIRST = /(?<!\d)(\d{4})([./-])\s?(\d{1,2})\2\s?(\d{1,2})(?!\d)/;

function findNumbers(text: string, { monthFirst }: DateContext): Found | undefined {
  const yearFirst = YEAR_FIRST.exec(text);
  if (yearFirst) return found(yearFirst, Number(yearFirst[1]), Number(yearFirst[3]), Number(yearFirst[4]));
  const match = NUMBERS.exec(text);
  if (!match) return undefined;
  const [first, second] = [Number(match[1]), Number(match[3])];
  const year = Number(match[4]) < 100 ? 2000 + Number(match[4]) : Number(match[4]);
  const isMonthFirst = second > 12 || (first <= 12 && match[2] !== '.' && monthFirst === true);
  return isMonthFirst ? found(match, year, first, second) : found(match, year, second, first);
}

/** Top-level domains whose pages in English write the month first. */
const AMERICAN_DOMAINS = /\.(?:com|us|gov|edu|mil|org|net|news|tv|info|ph)$/;

/** How the page's dates are to be read: by its language, and month first where it is American. */
export function dateContext(page: Page): DateContext {
  const html = page.elements('html')[0];
  const tag = (
    (html && attribute(html, 'lang')) ||
    page.meta('og:locale')[0] ||
    page.detected()?.language ||
    ''
  ).toLowerCase();
  const language = /^[a-z]{2,3}/.exec(tag)?.[0];
  const host = parseAddress(page.url)?.hostname ?? '';
  const isAmerican =
    /[-_]us\b/.test(tag) || /[-_]ph\b/.test(tag) || (/^(?:en)?$/.test(tag) && AMERICAN_DOMAINS.test(host));
  const isEnglish = language === undefined || language === 'en';
  return { language, monthFirst: isEnglish && isAmerican };
}

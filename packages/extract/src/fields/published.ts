import type { Dated, Field } from '@throughline/core';
import { atOffset, parseDate } from '../date.ts';
import { datesNear } from '../date-line.ts';
import type { Page } from '../page.ts';
import type { FieldReader } from '../rule.ts';
import { fallback, ld, meta } from './reading.ts';

export const published: FieldReader<'published'> = {
  name: 'published',
  rules: [
    ld('datePublished', 0.95),
    meta('article:published_time', 0.95),
    meta('article:published', 0.95),
    meta('og:article:published_time', 0.95),
    meta('og:published_time', 0.95),
    meta('datepublished', 0.94),
    meta('parsely-pub-date', 0.9),
    meta('sailthru.date', 0.9),
    meta('citation_publication_date', 0.9),
    meta('citation_date', 0.9),
    meta('citation_online_date', 0.9),
    meta('dc.date.issued', 0.9),
    meta('dcterms.issued', 0.9),
    meta('dcterms.created', 0.85),
    meta('dc.date.created', 0.85),
    meta('pubdate', 0.9),
    meta('pdate', 0.9),
    meta('publishdate', 0.9),
    meta('publish-date', 0.9),
    meta('publish_date', 0.9),
    meta('publication_date', 0.9),
    meta('article.published', 0.9),
    meta('cxenseparse:recs:publishtime', 0.9),
    meta('date', 0.85),
    meta('dc.date', 0.8),
    meta('dcterms.date', 0.8),
    meta('dc.terms.date', 0.8),
    ld('dateCreated', 0.8),
    ld('uploadDate', 0.8),
    { name: 'dom:itemprop', confidence: 0.9, read: (page) => datesNear(page, 'marked') },
    { name: 'meta:*published', confidence: 0.8, read: (page) => page.metaMatching(PUBLISHED), fallback: true },
    fallback('dom:time', 0.92, (page) => datesNear(page, 'time')),
    fallback('url', 0.9, (page) => dateInAddress(page.url)),
    fallback('dom:date', 0.8, (page) => datesNear(page, 'named')),
    fallback('dom:line', 0.7, (page) => datesNear(page, 'line')),
    fallback('dom:anywhere', 0.5, (page) => datesNear(page, 'anywhere')),
    { ...ld('dateModified', 0.4), fallback: true },
    { ...meta('article:modified_time', 0.4), fallback: true },
  ],
  clean: (raw, page) => firstDate(raw, page),
  same: sameDate,
  rank: onLocalClock,
};

/** Names under which plug-ins of all sorts keep the date. */
const PUBLISHED =
  /publish(?:ed)?[_:.-]?(?:time|date|at|on)|(?:date|time)[_:.-]?publish|first[_:.-]?published|pub[_-]?date|release[_-]?date|article[_.:-]?date(?:_original)?$/;

export function firstDate(raw: readonly string[], page: Page): Dated | undefined {
  for (const text of raw) {
    const date = parseDate(text, page.dateContext());
    if (date) return date;
  }
  return undefined;
}

/** One day or one instant, however written. */
export function sameDate(one: Dated, other: Dated): boolean {
  return (
    one.slice(0, 10) === other.slice(0, 10) ||
    (one.length > 16 && other.length > 16 && Date.parse(one) === Date.parse(other))
  );
}

/**
 * Writes an instant given in UTC with the outlet's own clock where the page
 * shows that clock and the two are of different days: `02:54Z` beside `10:54 PM`
 * of the evening before. The instant stays the same.
 */
function onLocalClock(candidates: Field<Dated>[], page: Page): Field<Dated>[] {
  const winner = candidates[0]!;
  if (!/T.*Z$/.test(winner.value)) return candidates;
  const instant = Date.parse(winner.value);
  for (const text of datesNear(page, 'line').slice(0, MAX_LINES)) {
    const shown = parseDate(text, page.dateContext());
    if (shown === undefined || shown.length < 16 || shown.slice(0, 10) === winner.value.slice(0, 10)) continue;
    const offset = Math.ceil((Date.parse(`${shown.slice(0, 16)}Z`) - instant) / 60_000);
    if (Math.abs(offset) > 14 * 60 || offset % 15 !== 0) continue;
    return [{ ...winner, value: atOffset(instant, offset) }, ...candidates.slice(1)];
  }
  return candidates;
}

const MAX_LINES = 10;

function dateInAddress(url: string): string | undefined {
  const match =
    /[/_-]((?:19|20)\d{2})[/_-](0?[1-9]|1[0-2])[/_-](0?[1-9]|[12]\d|3[01])(?=[/_.-]|$)|[/_-]((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=\D|$)/.exec(
      url,
    );
  if (!match) return undefined;
  const [, year, month, day, year2, month2, day2] = match;
  return `${year ?? year2}-${month ?? month2}-${day ?? day2}`;
}

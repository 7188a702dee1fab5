import { Day, RESERVED_SLUG, type EventId } from '@throughline/core';
import { clean } from './text.ts';

/** A page's formats, by the extension of its path. */
export const EXTENSIONS = ['html', 'md', 'json', 'xml'] as const;
export type Extension = (typeof EXTENSIONS)[number];

/** What a path names; `ext` is absent where the path leaves the format open. */
export type Place =
  | { kind: 'front'; ext?: Extension }
  | { kind: 'day'; day: Day; ext?: Extension }
  | { kind: 'event'; day: Day; slug: string; ext?: Extension };

export const feedPath = '/index_rss.xml';

export const frontPath = (ext: Extension = 'html'): string => `/index.${ext}`;

/** `/news/2017/05/2/index.html`: the month is padded, the day is not. */
export const dayPath = (day: Day, ext: Extension = 'html'): string => `${directory(day)}/index.${ext}`;

/** `/news/2017/01/30/<slug>.html`; without an extension where the reader of the path is to choose. */
export function eventPath(day: Day, slug: string, ext?: Extension | 'any'): string {
  const name = encodeURIComponent(clean(slug));
  return `${directory(day)}/${name}${ext === 'any' ? '' : `.${ext ?? 'html'}`}`;
}

/** The address an event keeps for life, whatever its wording or day. */
export const permalink = (id: EventId): string => `/events/${id}`;

/** A place's own path: what `parsePath` reads back. */
export function pathOf(place: Place): string {
  switch (place.kind) {
    case 'front':
      return place.ext ? frontPath(place.ext) : '/';
    case 'day':
      return place.ext ? dayPath(place.day, place.ext) : `${directory(place.day)}/`;
    case 'event':
      return eventPath(place.day, place.slug, place.ext ?? 'any');
  }
}

/**
 * The place that a path (as in a URL: percent-encoded, no query) names, or
 * undefined. Takes zero-padded days and a day without its last slash, so
 * `pathOf(parsePath(path))` is the path's one right spelling.
 */
export function parsePath(path: string): Place | undefined {
  if (/\s/.test(path)) return undefined;
  if (path === '/') return { kind: 'front' };
  const front = /^\/index\.(html|md|json|xml)$/.exec(path);
  if (front) return { kind: 'front', ext: front[1] as Extension };
  const news = /^\/news\/(\d{4})\/(\d{2})\/(\d{1,2})(?:\/([^/]*))?$/.exec(path);
  if (!news) return undefined;
  const [, year, month, dayOfMonth = '', file = ''] = news;
  const day = Day.safeParse(`${year}-${month}-${dayOfMonth.padStart(2, '0')}`);
  return day.success ? fileOf(day.data, file) : undefined;
}

function fileOf(day: Day, file: string): Place | undefined {
  if (file === '') return { kind: 'day', day };
  const parts = /^(.*?)(?:\.(html|md|json|xml))?$/s.exec(file);
  const slug = decoded(parts?.[1] ?? '');
  if (!slug) return undefined;
  const ext = parts?.[2] as Extension | undefined;
  const format = ext ? { ext } : {};
  return slug === RESERVED_SLUG ? { kind: 'day', day, ...format } : { kind: 'event', day, slug, ...format };
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

function directory(day: Day): string {
  const [year, month, dayOfMonth] = day.split('-');
  return `/news/${year}/${month}/${Number(dayOfMonth)}`;
}

import type { Origin } from '@throughline/core';

/**
 * The URL where it is safe to link to: absolute, http or https, no user name or
 * password. Undefined for everything else (`javascript:`, `data:`, relative).
 */
export function safeUrl(url: string | undefined): string | undefined {
  if (url === undefined || !/^https?:\/\//i.test(url) || !URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  return parsed.username || parsed.password ? undefined : url;
}

/** The host without `www.`, empty where the URL has none. */
export function hostOf(url: string): string {
  if (!URL.canParse(url)) return '';
  return new URL(url).hostname.replace(/^www\./, '');
}

/** The wiki page of a title, on the wiki that the text comes from (English Wikipedia where it is none). */
export function wikiUrl(title: string, origin?: Origin): string {
  const host = hostOf(origin?.url ?? '');
  const wiki = /(^|\.)wikipedia\.org$/.test(host) ? host : 'en.wikipedia.org';
  return `https://${wiki}/wiki/${encodeURIComponent(title.replace(/\p{Cs}/gu, '').replaceAll(' ', '_'))
    .replaceAll('%2F', '/')
    .replaceAll('%3A', ':')}`;
}

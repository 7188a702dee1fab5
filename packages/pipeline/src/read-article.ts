import type { ExtractedArticle } from '@throughline/core';
import { extract } from '@throughline/extract';
import { decodeHtml, type Ok } from '@throughline/fetch';

/** A page as it was fetched or kept. */
export type FetchedPage = Pick<Ok, 'body' | 'contentType' | 'charset' | 'finalUrl'>;

/** A page's markup. */
export function textOf({ body, contentType, charset }: Omit<FetchedPage, 'finalUrl'>): string {
  const declared = charset === undefined ? contentType : `${contentType}; charset=${charset}`;
  return decodeHtml(body, { contentType: declared }).text;
}

/** All that a page says, its main text too. */
export const extractAll = (html: string, url: string): ExtractedArticle => extract(html, { url, wantBody: true });

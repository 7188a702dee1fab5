import type { ArticleField, ArticleFields, ArticleMetadata, ExtractedArticle, Field } from '@throughline/core';
import { mainTextOf } from './body/index.ts';
import { boundsOf } from './bounds.ts';
import { directionOf } from './direction.ts';
import { fields } from './fields/index.ts';
import { fingerprintOf } from './fingerprint.ts';
import { imagesUnder } from './images.ts';
import { isPaywalled, kindOf } from './kind.ts';
import { type Page, readPage } from './page.ts';
import { type FieldReader, readField } from './rule.ts';
import { siteRules } from './sites/index.ts';
import { countWords } from './words.ts';

export interface ExtractOptions {
  /** The page's address after redirects. */
  url: string;
  /** Whether the main text is wanted; without it only metadata is read. */
  wantBody?: boolean;
}

/** Reads an article's page: its metadata with the rule behind each value, and its main text where wanted. Never throws. */
export function extract(html: string, { url, wantBody = false }: ExtractOptions): ExtractedArticle {
  const page = readPage(html, url);
  const { found, rivals, faults } = readFields(page);
  const attempt = <T>(name: string, otherwise: T, read: () => T): T => {
    try {
      return read();
    } catch (error) {
      faults.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      return otherwise;
    }
  };
  const main = wantBody ? attempt('body', undefined, () => mainTextOf(page)) : undefined;
  const text = main?.text ?? '';
  const bounds = found.published && boundsOf(found.published.value);
  return {
    fields: found,
    rivals,
    body: text,
    kind: attempt('kind', 'article', () => kindOf(page)),
    paywalled: attempt('paywalled', false, () => isPaywalled(page)),
    wordCount: countWords(text),
    direction: attempt('direction', 'ltr', () => directionOf(page, found.language?.value, text)),
    fingerprint: fingerprintOf(text),
    ...(main && { images: attempt('images', [], () => imagesUnder(page, main.container)) }),
    ...(bounds && { publishedBounds: bounds }),
    faults,
  };
}

type Rivals = ExtractedArticle['rivals'];

function readFields(page: Page): { found: ArticleMetadata; rivals: Rivals; faults: string[] } {
  const found: Partial<Record<ArticleField, Field<unknown>>> = {};
  const rivals: Partial<Record<ArticleField, Field<unknown>[]>> = {};
  const faults: string[] = [];
  for (const reader of fields) {
    const general = reader as unknown as FieldReader<ArticleField>;
    const reading = readField(general, page, siteRules(page.url, general.name));
    if (reading.winner) found[reader.name] = reading.winner;
    if (reading.rivals.length > 0) rivals[reader.name] = reading.rivals;
    faults.push(...reading.faults);
  }
  return {
    found: found as ArticleMetadata,
    rivals: rivals as { [Name in ArticleField]?: Field<ArticleFields[Name]>[] },
    faults,
  };
}

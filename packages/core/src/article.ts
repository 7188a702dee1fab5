/** The archive that is asked for copies of what is gone. */
export const ARCHIVE_HOST = 'web.archive.org';

/** A metadata value with the rule that won it, so that every field can say where it comes from. */
export interface Field<T> {
  value: T;
  /** The winning rule's name, as `json-ld:headline` or `meta:og:title`. */
  rule: string;
  /** 0..1: how often this rule was right where it was measured. */
  confidence: number;
}

export interface ArticleImage {
  /** Absolute http(s) URL. */
  url: string;
  caption?: string;
  credit?: string;
  width?: number;
  height?: number;
}

/** An instant or a day, as exact as the page is: `2017-01-30`, or an ISO 8601 date-time with its zone where one is given. */
export type Dated = string;

/** What an article's page says of itself. A field that no rule finds is absent. */
export interface ArticleFields {
  title: string;
  description: string;
  /** Names of people, in page order; no outlets, no URLs, no duplicates. */
  authors: string[];
  published: Dated;
  modified: Dated;
  siteName: string;
  canonicalUrl: string;
  image: ArticleImage;
  /** BCP 47, lower-case primary subtag: `en`, `pt-br`. */
  language: string;
  section: string;
  keywords: string[];
}

export type ArticleField = keyof ArticleFields;

export type ArticleMetadata = { [Name in ArticleField]?: Field<ArticleFields[Name]> };

/** The whole reading of an article's page. */
export interface ExtractedArticle {
  fields: ArticleMetadata;
  /** Other values of a field that disagree with the winner, best first. */
  rivals: { [Name in ArticleField]?: Field<ArticleFields[Name]>[] };
  /** Main text, paragraphs separated by a blank line; empty where none was asked for or found. */
  body: string;
  /** Whether the page is an article at all, and why if it is not. */
  kind: 'article' | 'soft-404' | 'consent-wall' | 'bot-wall' | 'listing' | 'empty';
  paywalled: boolean;
  wordCount: number;
  direction: 'ltr' | 'rtl';
  /** 64-bit similarity hash of the text, hexadecimal; equal or near for wire copies. Empty without text. */
  fingerprint: string;
  /** The pictures in the text, in page order; absent where no text was asked for. */
  images?: ArticleImage[];
  /**
   * Between which instants (ISO 8601, UTC) the article was published, where its
   * date has no time or no zone; absent where it is exact or unknown.
   */
  publishedBounds?: { earliest: string; latest: string };
  /** Rules that threw, `field:rule: message`. */
  faults: string[];
}

/** @jsxRuntime automatic @jsxImportSource @throughline/publish */
import type { ArticleField, ArticleFields, SourceCard } from '@throughline/core';
import { hostOf, safeUrl } from './link.ts';
import { captureStatement, outletName, sourceName } from './source.ts';
import { clean, listed, oneLine } from './text.ts';
import { writtenInstant } from './time.ts';

const FIELD_LABELS: Record<ArticleField, string> = {
  title: 'Title',
  description: 'Description',
  authors: 'Authors',
  published: 'Published',
  modified: 'Modified',
  siteName: 'Site',
  canonicalUrl: 'Address',
  image: 'Picture',
  language: 'Language',
  section: 'Section',
  keywords: 'Keywords',
};

interface SourceItemProps {
  source: SourceCard;
  number: number;
  /** Whether the page shows its description elsewhere. */
  isDescribed: boolean;
}

/** One cited source: who, what, when, and how we know. Pictures are linked, never loaded from their owners. */
export function SourceItem({ source, number, isDescribed }: SourceItemProps) {
  const { article = {} } = source;
  const title = oneLine(article.title ?? '');
  const description = isDescribed ? '' : oneLine(article.description ?? '');
  const url = safeUrl(source.url);
  const language = languageOf(article);
  return (
    <li id={`source-${number}`}>
      <Byline source={source} isNamed={title === ''} />
      <h3 dir="auto" lang={title ? language : undefined}>
        {url ? (
          <a href={url} rel="noopener nofollow">
            {title || sourceName(source)}
          </a>
        ) : (
          title || sourceName(source)
        )}
      </h3>
      {description && (
        <p class="described" dir="auto" lang={language}>
          {description}
        </p>
      )}
      <Elsewhere source={source} />
      <details>
        <summary>
          {captureStatement(source)}
          {source.capturedAt && `${source.state === 'ok' ? '' : ','} ${writtenInstant(source.capturedAt)}`}
        </summary>
        <Provenance source={source} />
      </details>
    </li>
  );
}

/** Who, and when. The name is left out where the card is headed by it for want of a title. */
function Byline({ source, isNamed }: { source: SourceCard; isNamed: boolean }) {
  const { article = {}, agency } = source;
  const authors = (article.authors ?? []).map(oneLine).filter(Boolean);
  const facts = [
    !isNamed && agency && `${oneLine(agency)} report`,
    authors.length > 0 && `by ${listed(authors)}`,
    article.published && writtenInstant(clean(article.published)),
  ].filter(Boolean);
  if (isNamed && facts.length === 0) return null;
  return (
    <p class="outlet small">
      {!isNamed && (
        <span>
          <strong>
            <bdi>{outletName(source)}</bdi>
          </strong>
        </span>
      )}
      {facts.map((fact) => (
        <span>
          <bdi>{fact}</bdi>
        </span>
      ))}
    </p>
  );
}

function Elsewhere({ source: { article = {}, archived, url } }: { source: SourceCard }) {
  const image = safeUrl(article.image?.url);
  const copy = safeUrl(archived?.url);
  const host = safeUrl(url) ? hostOf(url) : '';
  return (
    <p class="small">
      <span>{host || 'Not a web address that can be opened safely'}</span>
      {copy && (
        <span>
          <a href={copy} rel="noopener nofollow">
            Archived copy
          </a>
          {archived && ` of ${writtenInstant(archived.at)}`}
        </span>
      )}
      {image && (
        <span>
          <a href={image} rel="noopener nofollow">
            Picture
          </a>
        </span>
      )}
    </p>
  );
}

/** Which rule found each field; beside it, what the card does not show otherwise. */
function Provenance({ source: { rules = {}, article = {}, url } }: { source: SourceCard }) {
  const won = (Object.keys(FIELD_LABELS) as ArticleField[]).filter((field) => rules[field] !== undefined);
  return (
    <dl class="facts">
      <dt>Cited as</dt>
      <dd>
        <code>{clean(url)}</code>
      </dd>
      {article.canonicalUrl && article.canonicalUrl !== url && (
        <>
          <dt>Calls itself</dt>
          <dd>
            <code>{clean(article.canonicalUrl)}</code>
          </dd>
        </>
      )}
      {won.map((field) => (
        <>
          <dt>{FIELD_LABELS[field]}</dt>
          <dd>
            <bdi>{moreOf(field, article)}</bdi> <code>{oneLine(rules[field] ?? '')}</code>
          </dd>
        </>
      ))}
    </dl>
  );
}

/** The article's language for those who have the page read to them; undefined where it is no language tag. */
export const languageOf = ({ language }: Partial<ArticleFields>): string | undefined =>
  language && /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(language) ? language : undefined;

function moreOf(field: ArticleField, article: Partial<ArticleFields>): string {
  switch (field) {
    case 'modified':
      return writtenInstant(article.modified ?? '');
    case 'siteName':
    case 'language':
    case 'section':
      return oneLine(article[field] ?? '');
    case 'keywords':
      return (article.keywords ?? []).map(oneLine).join(', ');
    default:
      return '';
  }
}

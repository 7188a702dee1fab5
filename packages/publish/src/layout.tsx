/** @jsxRuntime automatic @jsxImportSource @throughline/publish */
import type { Child } from 'hono/jsx';
import type { Attribution } from './attribution.ts';
import { archivePath, searchPath } from './collection-path.ts';
import { feedPathOf } from './feed-list.ts';
import { feeds } from './formats/feeds.ts';
import { scriptJson } from './json-ld.ts';
import { feedPath, frontPath } from './path.ts';
import { raw, type Markup } from './markup/jsx-runtime.ts';
import { absolute, type Site } from './site.ts';
import { STYLE } from './style.ts';
import { clean, cut, oneLine } from './text.ts';

/** Search engines and previews show about this much. */
const TITLE_LENGTH = 160;
const DESCRIPTION_LENGTH = 300;

/** The same page in another format. */
export interface Alternate {
  href: string;
  label: string;
  mediaType: string;
}

export interface LayoutProps {
  site: Site;
  title: string;
  description?: string;
  /** The page's own path; absent on pages that are no place of their own (errors). */
  path?: string;
  /** schema.org's word for Open Graph: `article` or `website`. */
  type?: 'article' | 'website';
  published?: string;
  modified?: string;
  alternates?: readonly Alternate[];
  /** Whether the page lists events that have feeds of their own. */
  hasFeeds?: boolean;
  previousPath?: string | undefined;
  nextPath?: string | undefined;
  jsonLd?: object;
  attributions?: readonly Attribution[];
  /** Kept out of search engines. */
  unlisted?: boolean;
  /** Style for this page alone, after the common one. */
  style?: string;
  /** Of this package's writer or of `hono/jsx`. */
  children?: Child | Markup | null;
}

/** A whole HTML page as text. Other pages of the site (search, dashboard) are drawn with it too. */
export function renderPage(props: LayoutProps): string {
  return `<!doctype html>\n${String(<Layout {...props} />)}\n`;
}

function Layout(props: LayoutProps) {
  const { site, attributions = [], alternates = [] } = props;
  const feeds = ownFeeds(props);
  return (
    <html lang="en">
      <Head {...props} />
      <body>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        <Top site={site} />
        <main id="main" tabindex={-1} class="frame">
          {props.children}
        </main>
        <Bottom site={site} attributions={attributions} alternates={alternates} feeds={feeds} />
      </body>
    </html>
  );
}

function ownFeeds({ path, hasFeeds }: LayoutProps): Alternate[] {
  if (!path || !hasFeeds) return [];
  return feeds.map((feed) => ({ href: feedPathOf(path, feed), label: feed.label, mediaType: feed.mediaType }));
}

function Head(props: LayoutProps) {
  const { site, alternates = [], path } = props;
  const title = cut(oneLine(props.title), TITLE_LENGTH);
  return (
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>{title === site.name ? title : `${title} – ${site.name}`}</title>
      <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
      {path && <link rel="canonical" href={absolute(site, path)} />}
      {alternates.map(({ href, label, mediaType }) => (
        <link rel="alternate" type={mediaType} href={href} title={label} />
      ))}
      {ownFeeds(props).map(({ href, label, mediaType }) => (
        <link rel="alternate" type={mediaType} href={href} title={`${title}: ${label}`} />
      ))}
      {path !== frontPath() && (
        <link rel="alternate" type="application/rss+xml" href={feedPath} title={`${site.name}: latest events`} />
      )}
      {props.previousPath && <link rel="prev" href={props.previousPath} />}
      {props.nextPath && <link rel="next" href={props.nextPath} />}
      {props.unlisted && <meta name="robots" content="noindex" />}
      <Preview {...props} title={title} />
      <style>{raw(STYLE + (props.style ?? ''))}</style>
      {props.jsonLd && <script type="application/ld+json">{raw(scriptJson(props.jsonLd))}</script>}
    </head>
  );
}

/** Open Graph, for those who share the page. No image: there is none that we may show as ours. */
function Preview({ site, title, description, path, type = 'website', published, modified }: LayoutProps) {
  const about = description && cut(oneLine(description), DESCRIPTION_LENGTH);
  return (
    <>
      {about && <meta name="description" content={about} />}
      <meta property="og:site_name" content={site.name} />
      <meta property="og:title" content={title} />
      <meta property="og:type" content={type} />
      {about && <meta property="og:description" content={about} />}
      {path && <meta property="og:url" content={absolute(site, path)} />}
      {published && <meta property="article:published_time" content={clean(published)} />}
      {modified && <meta property="article:modified_time" content={clean(modified)} />}
      <meta name="twitter:card" content="summary" />
    </>
  );
}

function Top({ site }: { site: Site }) {
  const entries = [
    { label: 'Latest', href: frontPath() },
    { label: 'Archive', href: archivePath() },
    { label: 'Search', href: searchPath({}) },
    ...(site.navigation ?? []),
    { label: 'RSS', href: feedPath },
  ];
  return (
    <header class="top">
      <div class="frame">
        <a class="brand" href="/">
          {raw(MARK)}
          {site.name}
        </a>
        <nav aria-label="Site">
          <ul>
            {entries.map(({ label, href }) => (
              <li>
                <a href={href}>{label}</a>
              </li>
            ))}
          </ul>
        </nav>
      </div>
    </header>
  );
}

interface BottomProps {
  site: Site;
  attributions: readonly Attribution[];
  alternates: readonly Alternate[];
  feeds: readonly Alternate[];
}

function Bottom({ site, attributions, alternates, feeds: own }: BottomProps) {
  return (
    <footer class="bottom">
      <div class="frame">
        <Elsewhere label="This page as" links={alternates} />
        <Elsewhere label="Follow it by" links={own} />
        {byLicense(attributions).map((group) => (
          <Credit attributions={group} />
        ))}
        <p>
          Titles, descriptions and pictures of articles belong to their publishers. {site.name} sets no cookies and
          loads nothing from others.
        </p>
      </div>
    </footer>
  );
}

function Elsewhere({ label, links }: { label: string; links: readonly Alternate[] }) {
  if (links.length === 0) return null;
  return (
    <p class="formats">
      {label}{' '}
      {links.map(({ href, label: name, mediaType }) => (
        <a href={href} type={mediaType}>
          {name}
        </a>
      ))}
    </p>
  );
}

/** One sentence for all texts under one licence. */
function Credit({ attributions }: { attributions: readonly Attribution[] }) {
  const [first] = attributions;
  if (!first) return null;
  const { license, licenseUrl } = first;
  return (
    <p>
      Text from{' '}
      {attributions.map((attribution, index) => (
        <>
          {index > 0 && (index === attributions.length - 1 ? ' and ' : ', ')}
          <OriginPage attribution={attribution} />
        </>
      ))}{' '}
      and {attributions.length === 1 ? 'its' : 'their'} editors, under{' '}
      {licenseUrl ? (
        <a href={licenseUrl} rel="license">
          {license}
        </a>
      ) : (
        oneLine(license)
      )}
      .
    </p>
  );
}

function OriginPage({ attribution: { title, url, revision } }: { attribution: Attribution }) {
  return (
    <>
      <bdi>{url ? <a href={url}>{oneLine(title)}</a> : oneLine(title)}</bdi>
      {revision !== undefined && `, revision ${revision},`}
    </>
  );
}

function byLicense(attributions: readonly Attribution[]): Attribution[][] {
  const groups = new Map<string, Attribution[]>();
  for (const attribution of attributions) {
    groups.set(attribution.license, [...(groups.get(attribution.license) ?? []), attribution]);
  }
  return [...groups.values()];
}

const MARK =
  '<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true" focusable="false">' +
  '<path d="M1.5 19.5C8 19.5 7 12 12 12s4-7.5 10.5-7.5"/><g fill="currentColor" stroke="none">' +
  '<circle cx="4" cy="19.3" r="2.5"/><circle cx="12" cy="12" r="3.2"/><circle cx="20" cy="4.7" r="2.5"/></g></svg>';

/** The site's mark as a file of its own, in a colour that shows on light and on dark. */
export const FAVICON = MARK.replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ')
  .replaceAll('currentColor', '#c2502f')
  .replace(' aria-hidden="true" focusable="false"', '');

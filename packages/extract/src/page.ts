import { type DateContext, dateContext } from './date.ts';
import { type Detected, detectLanguage } from './detect-language.ts';
import { attribute } from './html/attributes.ts';
import type { HtmlDocument, HtmlNode } from './html/node.ts';
import { parseHtml } from './html/parse.ts';
import { foldSpace, rawTextOf, startOfText, textOf } from './html/text.ts';
import { type LdNode, type LinkedData, readLinkedData, stringsOf, typesOf } from './json-ld.ts';
import { plainText, textKey } from './plain.ts';
import { slugWordsOf } from './slug.ts';
import { sameAddress } from './url.ts';

/** One parse of a page, shared by all fields. What is costly is computed when first asked for. */
export interface Page {
  url: string;
  /** The page as it came. */
  source: string;
  document: HtmlDocument;
  /** Contents of the `<meta>` elements with this name, property, itemprop or http-equiv (lower case), in order. */
  meta(name: string): readonly string[];
  /** Contents of the `<meta>` elements whose name fits. */
  metaMatching(name: RegExp): readonly string[];
  /** `href`s of the `<link>` elements with this relation. */
  links(relation: string): readonly string[];
  /** Elements of a tag that fields ask for often: `h1`, `time`, `title`, `html`. */
  elements(tag: IndexedTag): readonly HtmlNode[];
  /** What its `<title>` says. */
  titleTag(): string | undefined;
  /** `<h1>` to `<h3>` in document order. */
  headings(): readonly HtmlNode[];
  /** Keys of the texts that stand on the page as its headline: `<h1>`s and the JSON-LD headline. */
  headlineKeys(): ReadonlySet<string>;
  /** Keys of the page's lesser headings. */
  headingKeys(): ReadonlySet<string>;
  /** The words of its address that come from a headline. */
  slugWords(): ReadonlySet<string>;
  /** Some of its prose: enough to tell its language. */
  sample(): string;
  /** The language its prose is written in. */
  detected(): Detected | undefined;
  /** How its dates are to be read. */
  dateContext(): DateContext;
  linkedData(): LinkedData;
  /** The JSON-LD object that describes this article; undefined where there is none. */
  article(): LdNode | undefined;
}

const INDEXED = ['html', 'title', 'h1', 'h2', 'time', 'base', 'article', 'main'] as const;
type IndexedTag = (typeof INDEXED)[number];
const indexed: ReadonlySet<string> = new Set(INDEXED);

export function readPage(html: string, url: string): Page {
  const document = parseHtml(html);
  const metas = new Map<string, string[]>();
  const links = new Map<string, string[]>();
  const byTag = new Map<string, HtmlNode[]>();
  const scripts: string[] = [];
  for (const element of document.elements) {
    const { tag } = element;
    if (tag === 'meta') indexMeta(element, metas);
    else if (tag === 'link') indexLink(element, links);
    else if (tag === 'script') {
      if (/ld\+json/i.test(element.source)) scripts.push(rawTextOf(element));
    } else if (indexed.has(tag)) push(byTag, tag, element);
  }
  const linkedData = once(() => readLinkedData(scripts));
  const page: Page = {
    url,
    source: html,
    document,
    meta: (name) => metas.get(name) ?? [],
    metaMatching: (name) => [...metas].flatMap(([known, contents]) => (name.test(known) ? contents : [])),
    links: (relation) => links.get(relation) ?? [],
    elements: (tag) => byTag.get(tag) ?? [],
    titleTag: once(() => titleTagOf(byTag.get('title')?.[0])),
    headlineKeys: once(() => headlineKeysOf(page)),
    headingKeys: once(
      () =>
        new Set(
          page
            .headings()
            .slice(0, MAX_HEADINGS)
            .map((heading) => textKey(textOf(heading))),
        ),
    ),
    slugWords: once(() => slugWordsOf(url)),
    detected: once(() => detectLanguage(page.sample())),
    dateContext: once(() => dateContext(page)),
    sample: once(() => sampleOf(page)),
    headings: once(() => document.elements.filter(({ tag }) => tag === 'h1' || tag === 'h2' || tag === 'h3')),
    linkedData,
    article: once(() => articleOf(linkedData(), [url, ...(links.get('canonical') ?? [])])),
  };
  return page;
}

/** No title is longer; what follows was put there to be searched. */
const MAX_TITLE = 5_000;

const titleTagOf = (title: HtmlNode | undefined): string | undefined =>
  title && foldSpace(rawTextOf(title).slice(0, MAX_TITLE));

const SAMPLE_LENGTH = 1_500;

/** Long paragraphs of the page, title and description first. */
function sampleOf(page: Page): string {
  const parts = [page.titleTag() ?? '', ...page.meta('og:description'), ...page.meta('description')];
  let length = parts.reduce((sum, part) => sum + part.length, 0);
  for (const element of page.document.elements) {
    if (length > SAMPLE_LENGTH) break;
    if (element.tag !== 'p' && element.tag !== 'article') continue;
    const text = startOfText(element, SAMPLE_LENGTH);
    if (text.length < 60) continue;
    parts.push(text);
    length += text.length;
  }
  return parts.join('\n');
}

const MAX_HEADINGS = 40;

function headlineKeysOf(page: Page): ReadonlySet<string> {
  const headlines = stringsOf(page.article()?.['headline'], page.linkedData()).map(plainText);
  return new Set([...page.elements('h1').slice(0, MAX_HEADINGS).map(textOf), ...headlines].map(textKey));
}

export function once<T>(compute: () => T): () => T {
  let cell: { value: T } | undefined;
  return () => (cell ??= { value: compute() }).value;
}

function push<Value>(map: Map<string, Value[]>, key: string, value: Value) {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function indexMeta(element: HtmlNode, metas: Map<string, string[]>) {
  const content = attribute(element, 'content') ?? attribute(element, 'value');
  if (!content) return;
  const names = new Set<string>();
  for (const key of ['property', 'name', 'itemprop', 'http-equiv']) {
    const name = attribute(element, key)?.toLowerCase();
    if (name) names.add(name);
  }
  for (const name of names) push(metas, name, content);
}

function indexLink(element: HtmlNode, links: Map<string, string[]>) {
  const href = attribute(element, 'href');
  if (!href) return;
  for (const relation of (attribute(element, 'rel') ?? '').toLowerCase().split(/\s+/)) {
    if (relation) push(links, relation, href);
  }
}

const ARTICLE_TYPE = /(?:Article|BlogPosting|Posting|Report|Review|Column|Blog ?Post)$/i;

/** The article among the page's objects: the one with the page's address, else the one that says most of itself. */
function articleOf(data: LinkedData, addresses: readonly string[]): LdNode | undefined {
  const articles = data.nodes.filter((node) => typesOf(node).some((type) => ARTICLE_TYPE.test(type)));
  if (articles.length < 2) return articles[0];
  const weigh = (node: LdNode) =>
    (ldAddresses(node).some((own) => addresses.some((address) => sameAddress(own, address))) ? 8 : 0) +
    ['headline', 'author', 'datePublished', 'articleBody', 'publisher', 'image'].filter(
      (property) => node[property] !== undefined,
    ).length;
  return articles.reduce((best, node) => (weigh(node) > weigh(best) ? node : best));
}

function ldAddresses(node: LdNode): string[] {
  return [node['url'], node['mainEntityOfPage'], node['@id']].flatMap((value) => {
    const address = typeof value === 'object' && value !== null ? (value as LdNode)['@id'] : value;
    return typeof address === 'string' ? [address] : [];
  });
}

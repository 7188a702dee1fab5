/** A piece of HTML: text as it is written, or a tag. */
export type HtmlToken =
  | { kind: 'text'; raw: string }
  | { kind: 'open'; name: string; raw: string; empty: boolean }
  | { kind: 'close'; name: string; raw: string };

/** A tag that is longer is taken for text. */
const MAX_TAG = 16_384;

const TAG_NAME = /<(\/?)([a-z][a-z\d]{0,15})(?=[\s/>])/iy;
/** Elements without content, and so without an end tag. Source: HTML Living Standard, void elements. */
const VOID = new Set([
  'area',
  'base',
  'br',
  'col',
  'embed',
  'hr',
  'img',
  'input',
  'link',
  'meta',
  'source',
  'track',
  'wbr',
]);
/** Elements whose content is no markup. */
const RAW = new Set(['script', 'style', 'template', 'noscript']);

/** Splits HTML into tags and text. Tolerant: what is no tag is text, and nothing throws. */
export function* htmlTokens(html: string): Generator<HtmlToken> {
  let from = 0;
  let at = html.indexOf('<');
  while (at >= 0) {
    const token = tagAt(html, at);
    if (!token) {
      at = html.indexOf('<', at + 1);
      continue;
    }
    if (at > from) yield { kind: 'text', raw: html.slice(from, at) };
    yield token;
    from = at + token.raw.length;
    if (token.kind === 'open' && RAW.has(token.name)) from = endOfRaw(html, token.name, from);
    at = html.indexOf('<', from);
  }
  if (from < html.length) yield { kind: 'text', raw: html.slice(from) };
}

function tagAt(html: string, at: number): HtmlToken | undefined {
  TAG_NAME.lastIndex = at;
  const found = TAG_NAME.exec(html);
  if (!found) return undefined;
  const end = endOfTag(html, at + found[0].length);
  if (end < 0) return undefined;
  const raw = html.slice(at, end);
  const name = (found[2] ?? '').toLowerCase();
  if (found[1] === '/') return { kind: 'close', name, raw };
  return { kind: 'open', name, raw, empty: raw.endsWith('/>') || VOID.has(name) };
}

/** After the `>` that ends a tag, which is not one inside quotation marks; -1 when there is none near. */
function endOfTag(html: string, from: number): number {
  let quote = '';
  const limit = Math.min(html.length, from + MAX_TAG);
  for (let k = from; k < limit; k++) {
    const c = html.charAt(k);
    if (quote !== '') quote = c === quote ? '' : quote;
    else if (c === '"' || c === "'") quote = c;
    else if (c === '>') return k + 1;
    else if (c === '<') return -1;
  }
  return -1;
}

function endOfRaw(html: string, name: string, from: number): number {
  const end = html.indexOf(`</${name}`, from);
  return end < 0 ? html.length : end;
}

const ATTRIBUTE = /([a-z][\w:-]{0,40})\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi;

/** A tag's attributes by their lower-case names; values as they are written. */
export function attributesOf(raw: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = '', double, single, bare] of raw.matchAll(ATTRIBUTE)) {
    attributes.set(name.toLowerCase(), double ?? single ?? bare ?? '');
  }
  return attributes;
}

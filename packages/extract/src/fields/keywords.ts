import { attribute } from '../html/attributes.ts';
import { nameWords } from '../html/name-words.ts';
import type { HtmlNode } from '../html/node.ts';
import { textOf } from '../html/text.ts';
import type { Page } from '../page.ts';
import { plainText, textKey } from '../plain.ts';
import type { FieldReader } from '../rule.ts';
import { fallback, ld, meta } from './reading.ts';

const MAX_KEYWORDS = 60;

export const keywords: FieldReader<'keywords'> = {
  name: 'keywords',
  rules: [
    meta('article:tag', 0.85),
    ld('keywords', 0.75),
    meta('dc.subject', 0.75),
    meta('citation_keywords', 0.8),
    meta('news_keywords', 0.65),
    meta('keywords', 0.6),
    meta('parsely-tags', 0.5),
    meta('sailthru.tags', 0.5),
    fallback('dom:tags', 0.6, tagLinks),
  ],
  clean(raw) {
    const words = new Map<string, string>();
    for (const list of raw) {
      for (const part of list.split(/[,;|]/)) {
        const word = plainText(part);
        if (word && word.length < 80 && !words.has(textKey(word))) words.set(textKey(word), word);
      }
    }
    return words.size > 0 ? [...words.values()].slice(0, MAX_KEYWORDS) : undefined;
  },
  same: (one, other) => one.map(textKey).toSorted().join('|') === other.map(textKey).toSorted().join('|'),
};

const TAG_LIST = new Set(['tags', 'taglist', 'topics', 'keywords', 'tagcloud', 'themen', 'schlagworte', 'etiquetas']);

/** Links that say they lead to a tag, or stand in a list of tags. */
function tagLinks(page: Page): string[] {
  const linked = page.document.elements.filter((element) => element.tag === 'a' && isTagLink(element));
  return linked.map(textOf).filter((text) => text.length < 60);
}

function isTagLink(link: HtmlNode): boolean {
  if (
    /tag/i.test(link.source) &&
    /\btag\b/i.test(attribute(link, 'rel') ?? '') &&
    !/\/category\//.test(attribute(link, 'href') ?? '')
  )
    return true;
  let node = link.parent;
  for (let steps = 0; node && steps < 3; steps++, node = node.parent) {
    if (nameWords(node).some((word) => TAG_LIST.has(word))) return true;
  }
  return false;
}

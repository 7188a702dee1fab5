import { attribute } from './attributes.ts';
import type { HtmlNode } from './node.ts';

/** What before a word says that the element merely has such a thing beside it: `with-sidebar`. */
const HAS = new Set(['has', 'with', 'no', 'without', 'show', 'hide', 'enable', 'enabled']);

const NONE: readonly string[] = [];

/** The words of an element's class and id: lower case, cut at punctuation and humps (`postTitle-2` gives `post`, `title`). */
export function nameWords(element: HtmlNode): readonly string[] {
  element.names ??= element.source.length < 5 ? NONE : readNames(element);
  return element.names;
}

function readNames(element: HtmlNode): readonly string[] {
  const found: string[] = [];
  addWords(attribute(element, 'class'), found);
  addWords(attribute(element, 'id'), found);
  return found.length === 0 ? NONE : found;
}

const isUpper = (code: number) => code >= 0x41 && code <= 0x5a;
const isLower = (code: number) => code >= 0x61 && code <= 0x7a;

function addWords(names: string | undefined, found: string[]) {
  if (!names) return;
  let start = -1;
  let before = '';
  for (let at = 0; at <= names.length; at++) {
    const code = at < names.length ? names.charCodeAt(at) : 0x20;
    const isHump = isUpper(code) && start >= 0 && isLower(names.charCodeAt(at - 1));
    const isLetter = isUpper(code) || isLower(code);
    if (start >= 0 && (isHump || !isLetter)) {
      const word = names.slice(start, at).toLowerCase();
      if (!HAS.has(before)) found.push(word);
      before = word;
      start = -1;
    }
    if (isLetter && start < 0) start = at;
    else if (code <= 0x20) before = '';
  }
}

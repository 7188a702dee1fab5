import { attribute } from './html/attributes.ts';
import type { HtmlNode } from './html/node.ts';
import { nameWords } from './html/name-words.ts';
import { blocks, unseen } from './html/tags.ts';
import { charactersOf, isLarge, textOf } from './html/text.ts';
import { splitNames } from './names.ts';
import type { Page } from './page.ts';

const MARK =
  /author|byline|by-line|[-_"' ]by[-_"' ]|writer|autor|auteur|redakteur|verfasser|contributor|journalist|reporter|skribent|username/i;
const AUTHOR_LINK =
  /\/(?:authors?|autor(?:en|es)?|auteurs?|profiles?|people|staff|by|writers?|journalists?|contributors?|redaktion|reporters?|columnists?|autore|autori|creator|user|experts?|team)\/[^/]/i;
/** What is under one of these names people who did not write the article. */
const ELSEWHERE = new Set(
  (
    'comment comments respond reply replies related recommended recommendations teaser teasers popular trending mostread latest more ' +
    'card cards promo promos caption figure newsletter avatar avatars nav menu recentcomments'
  ).split(' '),
);
const BESIDE = new Set(['sidebar', 'footer', 'widget', 'quote']);

const NEVER = new Set(['meta', 'link', 'script', 'img', 'body', 'html', 'h1', 'input', 'form', 'label', 'textarea']);

/** From this strength on an element says plainly that it names an author. */
const PLAIN = 2.4;

interface Mark {
  element: HtmlNode;
  strength: number;
  /** The strength less what its place on the page says against it. */
  value: number;
}

/**
 * The names in the elements most likely to name the article's authors, among
 * those that say so plainly or among those that only hint at it: of the best of
 * them, and of its like beside it.
 */
export function bylineNames(page: Page, plainly: boolean): string[] {
  const heading = headingOrder(page);
  const marks: Mark[] = [];
  for (const element of page.document.elements) {
    const strength = strengthOf(element);
    if (strength === 0 || strength >= PLAIN !== plainly) continue;
    const value = strength - remoteness(element) - Math.min(3, Math.abs(element.order - heading) / 80);
    if (value > -3) marks.push({ element, strength, value });
  }
  marks.sort((one, other) => other.value - one.value || one.element.order - other.element.order);
  for (const best of marks.slice(0, MAX_TRIES)) {
    if (splitNames(namingLines(best.element).join('\n')).length === 0) continue;
    const like = marks.filter(
      ({ element, strength }) => strength === best.strength && Math.abs(element.order - best.element.order) < BESIDES,
    );
    like.sort((one, other) => one.element.order - other.element.order);
    return like.flatMap(({ element }) => splitNames(namingLines(element).join('\n')));
  }
  return [];
}

const MAX_TRIES = 40;
/** How many elements apart the authors of one byline may stand. */
const BESIDES = 40;

/** How plainly an element says that it names an author; 0 where it does not. */
function strengthOf(element: HtmlNode): number {
  const { source, tag } = element;
  if (NEVER.has(tag) || !MARK.test(source)) {
    return tag === 'a' && AUTHOR_LINK.test(source) && AUTHOR_LINK.test(attribute(element, 'href') ?? '') ? 2 : 0;
  }
  if (/\bauthor\b/i.test(attribute(element, 'rel') ?? '')) return 3.2;
  if (/^(?:author|creator)$/i.test(attribute(element, 'itemprop') ?? '')) return 3.2;
  const names = `${attribute(element, 'class') ?? ''} ${attribute(element, 'id') ?? ''} ${attribute(element, 'data-testid') ?? ''} ${attribute(element, 'data-qa') ?? ''}`;
  if (
    /(?:author|byline|autor|writer)[-_]*(?:names?|link)\b/i.test(names) ||
    /\b(?:fn|author|byline|writer|autor|auteur)\b(?![-_])/i.test(names)
  )
    return 3;
  if (tag === 'a' && AUTHOR_LINK.test(attribute(element, 'href') ?? '')) return 2.5;
  return MARK.test(names) ? 2 : 0;
}

/** How much the elements around it speak against it: all, where they hold comments or teasers. */
function remoteness(element: HtmlNode): number {
  let node: HtmlNode | undefined = element;
  let beside = 0;
  for (let steps = 0; node && steps < 8; steps++, node = node.parent) {
    const { tag } = node;
    if (tag === 'nav' || tag === 'figure' || tag === 'figcaption') return Infinity;
    if (tag === 'body' || tag === 'main' || tag === 'article') return beside;
    if (tag === 'footer' && !/meta|entry|post|article/i.test(node.source)) beside = 1;
    if (tag === 'aside') beside = 1;
    for (const word of nameWords(node)) {
      if (ELSEWHERE.has(word)) return Infinity;
      if (BESIDE.has(word)) beside = 1;
    }
  }
  return beside;
}

function headingOrder(page: Page): number {
  const h1 = page.elements('h1').find((heading) => textOf(heading).length > 8);
  return h1?.order ?? 0;
}

const MAX_LENGTH = 160;

/** The lines of a byline: of its author links where it has such, else all, one a block or link. Empty where it is too long for one. */
function namingLines(element: HtmlNode): string[] {
  if (isLarge(element, MAX_LENGTH)) return [];
  const lines: string[] = [''];
  const links: string[] = [];
  const walk = (node: HtmlNode) => {
    let afterElement = false;
    for (const child of node.children) {
      if (child.tag === '') {
        const text = charactersOf(child).replace(/\s+/g, ' ');
        lines[lines.length - 1] += text;
        if (text !== ' ' && text !== '') afterElement = false;
        continue;
      }
      if (unseen.has(child.tag)) continue;
      if (afterElement || LINE_BREAKS.has(child.tag) || blocks.has(child.tag)) lines.push('');
      if (child.tag === 'a' && isAuthorLink(child)) links.push(textOf(child));
      walk(child);
      if (child.tag === 'a' || blocks.has(child.tag)) lines.push('');
      afterElement = true;
    }
  };
  walk(element);
  const named = links.filter((link) => link.length > 2);
  const kept = (named.length > 0 ? named : lines).map((line) => line.trim()).filter(Boolean);
  if (kept.join(' ').length > MAX_LENGTH) return [];
  // A first and a last name in elements of their own are one name.
  return kept.length <= 3 && kept.every((line) => /^\p{Lu}[\p{L}'-]+$/u.test(line)) ? [kept.join(' ')] : kept;
}

const LINE_BREAKS = new Set(['br', 'img', 'time', 'a']);

const isAuthorLink = (link: HtmlNode): boolean =>
  AUTHOR_LINK.test(attribute(link, 'href') ?? '') || MARK.test(attribute(link, 'rel') ?? '');

import { bylineNames } from '../byline.ts';
import { attribute } from '../html/attributes.ts';
import type { HtmlNode } from '../html/node.ts';
import { shortTextOf, textOf } from '../html/text.ts';
import { dereference, type LdNode, stringsOf, typesOf } from '../json-ld.ts';
import { ORGANISATION, splitNames } from '../names.ts';
import type { Page } from '../page.ts';
import { plainText, textKey } from '../plain.ts';
import type { FieldReader } from '../rule.ts';
import { outletNames } from '../suffix.ts';
import { fallback, ld, meta } from './reading.ts';

const MAX_AUTHORS = 30;

export const authors: FieldReader<'authors'> = {
  name: 'authors',
  rules: [
    { name: 'json-ld:author', confidence: 0.94, read: (page) => ldAuthors(page, false) },
    {
      name: 'meta:citation_author',
      confidence: 0.94,
      read: (page) => page.meta('citation_author').map(givenNameFirst),
    },
    ld('creator', 0.9),
    meta('byl', 0.85),
    fallback('dom:byline', 0.86, (page) => bylineNames(page, true)),
    meta('parsely-author', 0.8),
    meta('article:author', 0.79),
    meta('twitter:data1', 0.78),
    meta('sailthru.author', 0.77),
    meta('author', 0.7),
    { name: 'json-ld:author-organization', confidence: 0.6, read: (page) => ldAuthors(page, true), fallback: true },
    meta('dc.creator', 0.6),
    meta('dcterms.creator', 0.6),
    { name: 'meta:*author', confidence: 0.6, read: (page) => page.metaMatching(/author|byline/), fallback: true },
    fallback('dom:hint', 0.5, (page) => bylineNames(page, false)),
    fallback('dom:by', 0.6, spokenByline),
    fallback('dom:signature', 0.6, signature),
  ],
  clean(raw, page) {
    const outlets = outletNames(page);
    const isOutlet = (name: string) => !isPersonal(name) && outlets.includes(textKey(name).replaceAll(' ', ''));
    const names = raw.slice(0, MAX_AUTHORS).flatMap((text) => afterOutlet(plainText(text), isOutlet));
    const named = unique(names).filter((name) => !isOutlet(name));
    const people = named.some(isPersonal) ? named.filter((name) => !ORGANISATION.test(name)) : named;
    return people.length > 0 ? people.slice(0, MAX_AUTHORS) : undefined;
  },
  same: (one, other) => one.map(textKey).toSorted().join('|') === other.map(textKey).toSorted().join('|'),
};

/** Two or three capitalised words, none of them one that outlets are called by: a person whose site bears the name. */
function isPersonal(name: string): boolean {
  return /^\p{Lu}\p{Ll}+(?: \p{Lu}\.?)?(?: \p{Lu}[\p{Ll}\p{Lu}'’-]+){1,2}$/u.test(name) && !OUTLET_WORD.test(name);
}

const OUTLET_WORD =
  /\b(?:the|der|die|das|le|la|les|el|il|de|times|news|post|herald|tribune|press|presse|daily|journal|gazette|guardian|magazine|magazin|media|online|zeitung|nachrichten|blatt|kurier|courier|telegraph|tv|radio|today|world|sport|sports|business|street|report|review|insider|week|weekly|chronicle|observer|mirror|express|standard|star|sun|mail|globe|wire|network|blog|photography|agency|digital|company|group|studio|lab|labs|park|voice|politics|science|nature|space|school|university|institute|museum|society|club|team|church|city|county|state|house|health|food|travel|tech|games?)\b|\p{L}(?:zeitung|blatt|nachrichten|bladet|avisen|tidende|welt)\b/iu;

/** `Duarte, Ana` as `Ana Duarte`: how libraries write the one name that such an element has. */
const givenNameFirst = (name: string): string => name.replace(/^\s*([^,]+),\s*([^,]+)$/, '$2 $1');

/** The names in a line, unless it begins with the outlet's, which its address follows: `Harbour Post, Northport, Norway`. */
function afterOutlet(text: string, isOutlet: (name: string) => boolean): string[] {
  const first = text.split(',', 1)[0]!.trim();
  return first.length < text.length && isOutlet(first)
    ? splitNames(text).filter((name) => name.includes(' '))
    : splitNames(text);
}

/** The names of the article's authors that say they are organisations, or of all others. */
function ldAuthors(page: Page, organizations: boolean): string[] {
  const data = page.linkedData();
  const written = page.article()?.['author'];
  const authors = Array.isArray(written) ? (written as readonly unknown[]) : [written];
  const isOrganization = (author: unknown) =>
    typeof author === 'object' &&
    author !== null &&
    typesOf(dereference(author as LdNode, data)).some((type) => type.endsWith('Organization'));
  return authors
    .slice(0, MAX_AUTHORS)
    .flatMap((author) => (isOrganization(author) === organizations ? stringsOf(author, data) : []));
}

/** Before and after how many characters of prose a signature may stand alone. */
const SIGNED = { prose: 120, length: 60 };

/** A paragraph that is nothing but a name in bold, italics or at the right, beside the first or last paragraph of prose. */
function signature(page: Page): string | undefined {
  const paragraphs = page.document.elements.filter(({ tag }) => tag === 'p');
  for (const [index, paragraph] of paragraphs.entries()) {
    const text = shortTextOf(paragraph, SIGNED.length);
    if (!text || !isSignature(text) || !isSetApart(paragraph, text)) continue;
    const beside = [paragraphs[index - 1], paragraphs[index + 1]];
    if (beside.some((one) => one?.parent === paragraph.parent && one && textOf(one).length > SIGNED.prose)) return text;
  }
  return undefined;
}

const isSignature = (text: string): boolean => {
  const names = splitNames(text);
  return names.length > 0 && names.every(isPersonal) && names.join('').length >= text.length - 4 * names.length;
};

/** Whether all of a paragraph's text is bold or emphasised, or stands at the right. */
const isSetApart = (paragraph: HtmlNode, text: string): boolean =>
  /right/.test(attribute(paragraph, 'style') ?? attribute(paragraph, 'align') ?? '') ||
  paragraph.children.some(({ tag }, at) => SET_APART.has(tag) && textOf(paragraph.children[at]!) === text);

const SET_APART = new Set(['b', 'strong', 'em', 'i']);

function unique(names: readonly string[]): string[] {
  const seen = new Map<string, string>();
  for (const name of names) if (!seen.has(textKey(name))) seen.set(textKey(name), name);
  return [...seen.values()];
}

const WRITTEN_BY =
  /^(?:[Bb]y|BY|[Vv]on|[Pp]ar|[Pp]or|Di|di|Door|Av|Af|Przez|Written by|Posted by|Story by|Text ?:|Texte ?:|Autor(?:in)? ?:|Author ?:|Автор ?:|文／|文：|取材・文)\s*[:：]?\s*[\p{Lu}\p{Lo}]/u;
const AND_DATED = /\b(?:19|20)\d\d\b.*?\s(?:by|By|von|par)\s+(\p{Lu}.*)$/u;
/** How many elements after the headline a byline may stand. */
const NEAR = 60;

/** A line that begins like a byline, or has one after its date, near the headline. */
function spokenByline(page: Page): string[] {
  const h1 = page.elements('h1').find((heading) => textOf(heading).length > 8);
  if (!h1) return [];
  for (const element of page.document.elements.slice(Math.max(0, h1.order - NEAR / 4), h1.order + NEAR)) {
    const text = shortTextOf(element, 120);
    if (text === undefined) continue;
    if (WRITTEN_BY.test(text)) return [text];
    const dated = AND_DATED.exec(text);
    if (dated) return [dated[1]!];
  }
  return [];
}

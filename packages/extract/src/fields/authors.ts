import { bylineNames } from '../byline.ts';
import { shortTextOf, textOf } from '../html/text.ts';
import { splitNames } from '../names.ts';
import type { Page } from '../page.ts';
import { plainText, textKey } from '../plain.ts';
import type { FieldReader } from '../rule.ts';
import { outletNames } from '../suffix.ts';
import { fallback, ld, meta } from './reading.ts';

const MAX_AUTHORS = 30;

export const authors: FieldReader<'authors'> = {
  name: 'authors',
  rules: [
    ld('author', 0.94),
    meta('citation_author', 0.94),
    ld('creator', 0.9),
    meta('byl', 0.85),
    fallback('dom:byline', 0.86, (page) => bylineNames(page, true)),
    meta('parsely-author', 0.8),
    meta('article:author', 0.79),
    meta('twitter:data1', 0.78),
    meta('sailthru.author', 0.77),
    meta('author', 0.7),
    meta('dc.creator', 0.6),
    meta('dcterms.creator', 0.6),
    { name: 'meta:*author', confidence: 0.6, read: (page) => page.metaMatching(/author|byline/), fallback: true },
    fallback('dom:hint', 0.5, (page) => bylineNames(page, false)),
    fallback('dom:by', 0.6, spokenByline),
  ],
  clean(raw, page) {
    const outlets = outletNames(page);
    const names = raw.slice(0, MAX_AUTHORS).flatMap((text) => splitNames(plainText(text)));
    const people = unique(names).filter(
      (name) => isPersonal(name) || !outlets.includes(textKey(name).replaceAll(' ', '')),
    );
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

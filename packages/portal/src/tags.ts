import type { CitedSource } from '@throughline/core';
import { decodeEntities } from './entities.ts';
import { cite, copy, leave, nextEnding, type Reader, show } from './reader.ts';
import { referenceSources } from './sources.ts';

const TAG = /<(\/?)([a-z][a-z\d]{0,15})\b([^<>\n]*)>/iy;
const FORMATTING =
  /^(?:i|b|em|strong|small|big|sup|sub|span|u|s|del|ins|code|tt|kbd|var|cite|q|abbr|font|nowiki|center|div|p|blockquote|noinclude|includeonly|onlyinclude|section|poem|pre|bdi|bdo|mark|time|wbr|strike|dfn|samp|references|ref|ul|ol|li|dl|dt|dd|table|tr|td|th)$/;

/** Reads an HTML tag at `i`. Unknown ones are text, as on the wiki. Returns where to go on. */
export function readTag(r: Reader, i: number, to: number): number {
  TAG.lastIndex = i;
  const found = TAG.exec(r.wikitext);
  if (!found || i + found[0].length > to) return i + 1;
  const [whole, closing = '', name = '', attributes = ''] = found;
  const end = i + whole.length;
  const tag = name.toLowerCase();
  const opens = closing === '' && !attributes.endsWith('/');
  if (tag === 'ref' && closing === '') return readReference(r, i, end, to, attributes);
  if (tag !== 'br' && tag !== 'hr' && !FORMATTING.test(tag)) return i + 1;
  copy(r, i);
  if (tag === 'br' || tag === 'hr') show(r, ' ');
  if (attributes.replace('/', '').trim() !== '') leave(r, whole, 'attributes of a tag');
  r.run = end;
  return tag === 'nowiki' && opens ? readNowiki(r, end, to) : end;
}

function readNowiki(r: Reader, from: number, to: number): number {
  const close = nextEnding(r, '</nowiki', from);
  const end = close < 0 || close > to ? from : close;
  show(r, decodeEntities(r.wikitext.slice(from, end)));
  r.run = end;
  return end;
}

const REF_NAME = /\bname\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s/>]+))/i;

function readReference(r: Reader, i: number, from: number, to: number, attributes: string): number {
  copy(r, i);
  r.run = from;
  const named = REF_NAME.exec(attributes);
  const name = (named?.[1] ?? named?.[2] ?? named?.[3] ?? '').trim();
  const close = attributes.trimEnd().endsWith('/') ? -1 : nextEnding(r, '</ref', from);
  const isUse = close < 0 || close > to;
  const others = isUse ? attributes.replace(REF_NAME, '') : attributes;
  if (others.replace('/', '').trim() !== '' && (name || !isUse)) leave(r, `<ref${attributes}>`, 'attributes of a tag');
  if (isUse) {
    if (name) useReference(r, name);
    else leave(r, `<ref${attributes}>`, 'reference without an end');
    return from;
  }
  const { sources, rest } = referenceSources(r.wikitext.slice(from, close));
  if (name && sources.length > 0) r.page.named.set(name, sources);
  for (const source of sources) cite(r, source);
  leave(r, rest, sources.length > 0 ? 'details of a reference' : 'reference without a link');
  r.run = close;
  return close;
}

/** Puts a stand-in among the sources: the reference may be defined further down. */
function useReference(r: Reader, name: string): void {
  const standIn: CitedSource = { url: '', label: '', form: 'reference' };
  cite(r, standIn);
  r.page.uses.set(standIn, name);
  r.page.unresolved.add(r.sources);
}

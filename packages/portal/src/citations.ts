import type { CitedSource } from '@throughline/core';
import { decodeEntities } from './entities.ts';
import type { Rendering, Template } from './templates.ts';

const IS_CITATION = /^(?:cite\b.*|citation|vcite.*)$/;

/** Who published it, in the order in which citation templates show it. */
const OUTLETS = ['work', 'newspaper', 'website', 'magazine', 'journal', 'publisher', 'agency', 'via'];
const SHOWN = new Set([...OUTLETS, 'url', 'title', 'date']);

/** The source in a citation template, or undefined for a template that cites nothing. Its label is the outlet, else the title. */
export function citation({ name, arguments: all }: Template): Rendering | undefined {
  if (name === 'doi-inline' || name === 'doi') return doi(all);
  if (!IS_CITATION.test(name)) return undefined;
  const unused = [...all].flatMap(([key, value]) => (SHOWN.has(key) ? linksIn(value) : [`${key}=${value}`]));
  const field = (key: string): string => shown(all.get(key) ?? '');
  const url = decodeEntities(all.get('url') ?? '').trim();
  const title = field('title');
  if (!url) return { wikitext: '', unused: [...all].map(([key, value]) => `${key}=${value}`) };
  const [outlet = '', ...others] = OUTLETS.map(field).filter(Boolean);
  const source: CitedSource = { url, label: outlet || title, form: 'reference' };
  if (outlet) source.outlet = outlet;
  if (field('agency') && field('agency') !== outlet) source.agency = field('agency');
  if (title) source.title = title;
  if (field('date')) source.published = field('date');
  return { wikitext: '', source, unused: [...unused, ...others.filter((other) => other !== source.agency)] };
}

/** The links in an argument of which only the words are shown. */
const linksIn = (wikitext: string): string[] => wikitext.match(/\[\[[^[\]|]+/g)?.map((link) => `${link}]]`) ?? [];

function doi(all: ReadonlyMap<string, string>): Rendering {
  const label = shown(all.get('2') ?? '').replace(/^\((.*)\)$/, '$1');
  const url = `https://doi.org/${all.get('1') ?? ''}`;
  return { wikitext: '', source: { url, label, ...(label && { outlet: label }), form: 'link' }, unused: [] };
}

/** An argument's text as shown: no markup. */
function shown(wikitext: string): string {
  return decodeEntities(
    wikitext
      .replace(/\[\[(?:[^[\]|]*\|)?([^[\]]*)\]\]/g, '$1')
      .replace(/'{2,}/g, '')
      .replace(/\{\{[^{}]*\}\}/g, ''),
  )
    .replace(/\s+/g, ' ')
    .trim();
}

import { ATOM_SUFFIX, entryOf, headOf, type FeedEntry, type FeedHead } from '../feed-list.ts';
import type { Feed } from '../format.ts';
import { oneLine } from '../text.ts';
import { document, element, type Xml } from '../xml.ts';

/** Atom (RFC 4287). An entry's id is the event's. */
export const atom: Feed = {
  name: 'atom',
  label: 'Atom',
  mediaType: 'application/atom+xml',
  path: `/index${ATOM_SUFFIX}`,
  suffix: ATOM_SUFFIX,
  render(latest, site) {
    const namespaces = { xmlns: 'http://www.w3.org/2005/Atom', 'xml:lang': 'en' };
    const entries = latest.items.map((item) => entry(entryOf(item, site)));
    return document(element('feed', namespaces, [...head(headOf(latest, atom, site)), ...entries]));
  },
};

const head = ({ title, home, self, hub, updated, author, rights }: FeedHead): Xml[] => [
  element('title', {}, [title]),
  element('id', {}, [home]),
  element('updated', {}, [updated]),
  element('link', { rel: 'self', type: atom.mediaType, href: self }, []),
  ...(hub === undefined ? [] : [element('link', { rel: 'hub', href: hub }, [])]),
  element('link', { rel: 'alternate', type: 'text/html', href: home }, []),
  element('author', {}, [element('name', {}, [author])]),
  element('rights', {}, [rights]),
];

const entry = ({ title, id, updated, published, url, summary, text, tags }: FeedEntry): Xml =>
  element('entry', {}, [
    element('title', {}, [title]),
    element('id', {}, [id]),
    element('updated', {}, [updated]),
    element('published', {}, [published]),
    element('link', { rel: 'alternate', type: 'text/html', href: url }, []),
    element('summary', { type: 'text' }, [summary]),
    element('content', { type: 'text' }, [oneLine(text)]),
    ...tags.map((term) => element('category', { term }, [])),
  ]);

import {
  ATOM_SUFFIX,
  copyrightOf,
  descriptionOf,
  feedIdOf,
  headlineOf,
  homeOf,
  instantOf,
  selfOf,
  tagsOf,
  titleOf,
  updatedAtOf,
} from '../feed-list.ts';
import type { Feed, FeedItem, Latest } from '../format.ts';
import { eventPath } from '../path.ts';
import { absolute, type Site } from '../site.ts';
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
    return document(
      element('feed', namespaces, [...head(latest, site), ...latest.items.map((one) => entry(one, site))]),
    );
  },
};

const head = (latest: Latest, site: Site): Xml[] => [
  element('title', {}, [titleOf(latest, site)]),
  element('id', {}, [homeOf(latest, site)]),
  element('updated', {}, [instantOf(latest.updatedAt)]),
  element('link', { rel: 'self', type: atom.mediaType, href: selfOf(latest, atom, site) }, []),
  ...(site.hub === undefined ? [] : [element('link', { rel: 'hub', href: site.hub }, [])]),
  element('link', { rel: 'alternate', type: 'text/html', href: homeOf(latest, site) }, []),
  element('author', {}, [element('name', {}, ['Editors of Wikipedia'])]),
  element('rights', {}, [copyrightOf(latest)]),
];

const entry = (item: FeedItem, site: Site): Xml =>
  element('entry', {}, [
    element('title', {}, [headlineOf(item)]),
    element('id', {}, [feedIdOf(item)]),
    element('updated', {}, [updatedAtOf(item)]),
    element('published', {}, [instantOf(item.day)]),
    element('link', { rel: 'alternate', type: 'text/html', href: absolute(site, eventPath(item.day, item.slug)) }, []),
    element('summary', { type: 'text' }, [descriptionOf(item)]),
    element('content', { type: 'text' }, [oneLine(item.text)]),
    ...tagsOf(item).map((term) => element('category', { term }, [])),
  ]);

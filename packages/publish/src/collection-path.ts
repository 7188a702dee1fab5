import { slugOf, type Category, type EventFilter, type SearchQuery, type TopicReference } from '@throughline/core';
import { clean } from './text.ts';

const file = (directory: string, name: string): string => `/${directory}/${encodeURIComponent(clean(name))}.html`;

export const entityPath = ({ slug }: { slug: string }): string => file('entities', slug);
export const storyPath = ({ slug }: { slug: string }): string => file('stories', slug);
export const categoryPath = (category: Category): string => file('categories', category);

/** `/topics/12-syrian-civil-war.html`: the number is what counts, the words are for readers. */
export const topicPath = ({ id, label }: TopicReference): string => file('topics', `${id}-${slugOf(label)}`);

export const archivePath = (): string => '/archive.html';
export const yearPath = (year: string): string => file('archive', year);

/** The address of a search, its parameters in one order: what is not asked for is left out. */
export function searchPath(query: { [Name in keyof SearchQuery]?: SearchQuery[Name] | undefined }): string {
  const { text, entity, topic, category, from, to, outlet, order, after } = query;
  const asked = Object.entries({
    q: text,
    entity,
    topic: topic?.toString(),
    category,
    from,
    to,
    outlet,
    order: order === 'newest' ? undefined : order,
    after,
  });
  const parameters = new URLSearchParams(
    asked.filter((one): one is [string, string] => one[1] !== undefined && one[1] !== ''),
  );
  return parameters.size === 0 ? '/search' : `/search?${parameters.toString()}`;
}

/** Whether a filter asks for anything at all. */
export const isAsked = (filter: EventFilter): boolean => searchPath({ ...filter, order: 'newest' }) !== '/search';

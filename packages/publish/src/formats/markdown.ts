import {
  dayNumber,
  type Category,
  type DayItem,
  type DayPage,
  type EventPage,
  type RelatedEvent,
  type SourceCard,
  type Topic,
  type Wording,
} from '@throughline/core';
import { attributionOf, dayAttribution, type Attribution } from '../attribution.ts';
import type { Format } from '../format.ts';
import { groups, headingOf } from '../groups.ts';
import { safeUrl } from '../link.ts';
import { inline, link, listItem, paragraph } from '../markdown.ts';
import { dayPath, EXTENSIONS, eventPath, pathOf, permalink, type Place } from '../path.ts';
import { contextOf } from '../related.ts';
import { descriptionOf, sourceName } from '../source.ts';
import { cut, oneLine } from '../text.ts';
import { plainInstant } from '../time.ts';

const DAY_DESCRIPTION_LENGTH = 300;

const LABELS = { html: 'HTML', md: 'Markdown', json: 'JSON', xml: 'XML' } as const;

/**
 * The original's Markdown: every kind of line it has, in its order. What the
 * original left out (category, all topics, who wrote a source, the licence)
 * stands on lines of its own, so that a reader of the original passes over it.
 */
export const markdown: Format = {
  name: 'md',
  label: LABELS.md,
  mediaType: 'text/markdown',
  event: (page) => text([...formatsLine({ kind: 'event', day: page.day, slug: page.slug }), ...eventLines(page)]),
  day: (page) =>
    text([
      ...formatsLine({ kind: 'day', day: page.day }),
      ...dayLines(page),
      ...previousLines(page),
      ...attributionLines([dayAttribution(page)]),
    ]),
  front(page) {
    const lines = page.days.flatMap((day) => [...dayLines(day), '---', '']);
    const oldest = page.days.at(-1);
    return text([
      ...formatsLine({ kind: 'front' }),
      ...lines,
      ...(oldest ? previousLines(oldest) : []),
      ...attributionLines(page.days.map(dayAttribution)),
    ]);
  },
  gone: (page, at) =>
    text([
      `### ${link(page.day, dayPath(page.day, 'md'))}`,
      '',
      `# ${inline(page.text)}`,
      '',
      `Withdrawn ${inline(plainInstant(at))}`,
      '',
      ...attributionLines([attributionOf(page.origin)]),
    ]),
  problem: {
    mediaType: 'text/markdown',
    render: ({ title, detail }) => text([`# ${inline(title)}`, '', paragraph(detail)]),
  },
};

function eventLines(page: EventPage): string[] {
  const description = descriptionOf(page)?.text;
  return [
    `### ${link(page.day, dayPath(page.day, 'md'))}`,
    '',
    ...filedUnderLines(page),
    `# ${inline(page.text)}`,
    '',
    ...(description ? [paragraph(description), ''] : []),
    ...section(page.sources.length === 1 ? 'Source:' : 'Sources:', page.sources.flatMap(sourceLines)),
    ...section('Changes:', changeLines(page)),
    ...section('Related:', page.related.map(relatedLine)),
    ...storyLines(page),
    ...attributionLines(
      [attributionOf(page.origin)],
      `${link('Permanent link', permalink(page.id))}, updated ${inline(plainInstant(page.updatedAt))}`,
    ),
  ];
}

function sourceLines(source: SourceCard, index: number): string[] {
  const number = index + 1;
  const details = detailsOf(source);
  const image = safeUrl(source.article?.image?.url);
  return [
    `${number}. ${link(sourceName(source), source.url)}`,
    ...(details ? [`   ${details}`] : []),
    ...(image ? [`${number}. ${link('Cover Image', image)}`] : []),
  ];
}

/** `“Title”, by A and B, 2017-01-30, [archived copy](url)`. */
function detailsOf({ article = {}, archived }: SourceCard): string {
  const authors = (article.authors ?? []).map(oneLine).filter(Boolean);
  return [
    article.title && `“${inline(article.title)}”`,
    authors.length > 0 && `by ${authors.map(listItem).join(', ')}`,
    article.published && paragraph(article.published),
    archived && safeUrl(archived.url) && link('archived copy', archived.url),
  ]
    .filter(Boolean)
    .join(', ');
}

/** Only where there is something to tell: an event that was never reworded has no changes. */
function changeLines(page: EventPage): string[] {
  if (page.wordings.length < 2) return [];
  return page.wordings.map((wording, index) => {
    const last = index === page.wordings.length - 1;
    const slug = last ? page.slug : wording.slug;
    const note = last
      ? '(Current version)'
      : `${inline(plainInstant(wording.seenAt))} (${index === 0 ? 'First version' : 'Update'})`;
    return `${index + 1}. ${changeLink(wording, slug)} _${note}_`;
  });
}

const changeLink = (wording: Wording, slug: string | undefined): string =>
  link(wording.text, slug ? `${encodeURIComponent(slug)}.md` : undefined);

function relatedLine(related: RelatedEvent, index: number): string {
  const context = contextOf(related).map(listItem).join(', ');
  return `${index + 1}. ${link(related.text, eventPath(related.day, related.slug, 'md'))} _Context: ${context}_`;
}

function storyLines({ story }: EventPage): string[] {
  if (!story) return [];
  const events = story.events.toSorted((a, b) => dayNumber(a.day) - dayNumber(b.day));
  const lines = events.map(
    (event, index) => `${index + 1}. ${event.day} ${link(event.text, eventPath(event.day, event.slug, 'md'))}`,
  );
  return section(`Story: ${inline(story.title)}`, lines);
}

function dayLines(page: DayPage): string[] {
  return [
    `## ${link(page.day, dayPath(page.day, 'md'))}`,
    '',
    ...groups(page.items).flatMap(({ heading, items }) => [
      ...(heading ? [`#### ${inline(heading)}`, ''] : []),
      ...items.flatMap(itemLines),
    ]),
  ];
}

function itemLines(item: DayItem): string[] {
  const description = oneLine(item.description ?? '');
  const labels = item.context.map(listItem).filter(Boolean);
  const below = description
    ? paragraph(cut(description, DAY_DESCRIPTION_LENGTH))
    : labels.length > 0 && `_Context: ${labels.join(', ')}_`;
  return [
    ...topicLines(item.topics),
    `### ${link(item.text, eventPath(item.day, item.slug, 'md'))}`,
    ...(below ? [below] : []),
    '',
  ];
}

function previousLines({ previous }: DayPage): string[] {
  return previous ? [`## ${link('Previous Day...', dayPath(previous, 'md'))}`, ''] : [];
}

function filedUnderLines(event: { category?: Category; section: string; topics: readonly Topic[] }): string[] {
  const heading = headingOf(event);
  return [...(heading ? [`#### ${inline(heading)}`] : []), ...topicLines(event.topics)];
}

const topicLines = (topics: readonly Topic[]): string[] =>
  topics
    .map((topic) => inline(topic.text || topic.title))
    .filter(Boolean)
    .map((topic) => `##### ${topic}`);

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`### ${title}`, '', ...lines, ''];

function formatsLine(place: Place): string[] {
  const others = EXTENSIONS.filter((ext) => ext !== 'md').map((ext) => link(LABELS[ext], pathOf({ ...place, ext })));
  return [`Formats: ${others.join('  ')}`, ''];
}

function attributionLines(attributions: readonly Attribution[], note?: string): string[] {
  const credits = attributions.map(({ title, url, revision, license, licenseUrl }) => {
    const exact = revision === undefined ? '' : `, revision ${revision}`;
    return `Text: ${link(title, url)}${exact}, ${link(license, licenseUrl)}`;
  });
  return ['---', '', ...[...credits, ...(note ? [note] : [])].flatMap((line) => [line, ''])];
}

const text = (lines: readonly string[]): string => `${lines.join('\n').trimEnd()}\n`;

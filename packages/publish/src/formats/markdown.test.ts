import type { DayPage, EventPage } from '@throughline/core';
import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { describe, expect, it } from 'vitest';
import { anyDayPage, anyEventPage } from '../../../../test/support/any-pages.ts';
import {
  readDayPage,
  readEventPage,
  type ReadDay,
  type ReadEvent,
} from '../../../../test/support/original-markdown.ts';
import { aHostileEvent, anEventPage, aRelated, aRichDay, aRichEvent, aSource } from '../../../../test/support/pages.ts';
import { groups } from '../groups.ts';
import { dayPath, eventPath } from '../path.ts';
import { descriptionOf, sourceName } from '../source.ts';
import { cut, oneLine } from '../text.ts';
import { markdown } from './markdown.ts';

const site = { name: 'Throughline', origin: 'https://news.example' };

describe('a Markdown event page', () => {
  it('has every kind of line of the original’s, in its order', () => {
    const lines = markdown.event(aRichEvent(), site).split('\n');
    const kinds = [
      /^Formats: \[HTML\]\(.*\.html\) {2}\[JSON\]\(.*\.json\) {2}\[XML\]\(.*\.xml\)$/,
      /^### \[2017-01-30\]\(\/news\/2017\/01\/30\/index\.md\)$/,
      /^##### Syrian Civil War$/,
      /^# Six Russian long-range bombers .*\.$/,
      /^Long-range aircraft/,
      /^### Sources:$/,
      /^1\. \[Reuters\]\(http:\/\/www\.reuters\.com\/article\/.*\)$/,
      /^1\. \[Cover Image\]\(https:\/\/.*\)$/,
      /^2\. \[AFP via The Guardian\]\(.*\)$/,
      /^### Changes:$/,
      /^1\. \[.*\]\(russian-bombers-.*\.md\) _2017-01-30 14:05:11 \(First version\)_$/,
      /^2\. \[.*\]\(.*\.md\) _2017-01-30 17:20:45 \(Update\)_$/,
      /^3\. \[.*\]\(.*\.md\) _\(Current version\)_$/,
      /^### Related:$/,
      /^1\. \[.*\]\(\/news\/2015\/12\/8\/.*\.md\) _Context: Deir ez-Zor Governorate, .*_$/,
    ];
    const places = kinds.map((kind) => lines.findIndex((line) => kind.test(line)));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it('says Source: of one, and has no section that would be empty', () => {
    const one = markdown.event(anEventPage({ sources: [aSource()] }), site);
    expect(one).toContain('### Source:\n');
    const none = markdown.event(anEventPage(), site);
    expect(none).not.toMatch(/Source|Changes|Related/);
  });

  it('gives a reader of the original every field, whatever the texts', () => {
    fc.assert(
      fc.property(anyEventPage, (page) => {
        expect(readEventPage(markdown.event(page, site))).toEqual(readingOf(page));
      }),
      {
        numRuns: 300,
      },
    );
  });

  it('tells a context that has a comma in it from two', () => {
    const page = anEventPage({
      related: [aRelated('2016-01-01', 'A march.', { context: ['Washington, D.C.', 'Protest'] })],
    });
    expect(readEventPage(markdown.event(page, site)).related[0]?.context).toEqual(['Washington, D.C.', 'Protest']);
  });

  it('says why an event is related where no entity is shared', () => {
    const evidence = [{ signal: 'similar-text', weight: 0.4 }];
    const page = anEventPage({ related: [aRelated('2016-01-01', 'A march.', { context: [], evidence })] });
    expect(markdown.event(page, site)).toContain('_Context: similar wording_');
  });

  it('never links where it is not safe', () => {
    const written = markdown.event(aHostileEvent(), site);
    expect(linksOf(fromMarkdown(written)).filter((url) => !/^(https?:\/\/(?!user)|\/|[^:]+\.md$)/.test(url))).toEqual(
      [],
    );
  });
});

describe('a Markdown day index', () => {
  it('gives a reader of the original every item, whatever the texts', () => {
    fc.assert(
      fc.property(anyDayPage, (page) => {
        expect(readDayPage(markdown.day(page, site))).toEqual(readingOfDay(page));
      }),
    );
    expect(readDayPage(markdown.day(aRichDay(), site)).items).toHaveLength(4);
  });
});

describe('a CommonMark parser', () => {
  it('finds the same sentence and the same links in an event page, and no HTML', () => {
    fc.assert(
      fc.property(anyEventPage, (page) => {
        const tree = fromMarkdown(markdown.event(page, site));
        const kinds = new Set(nodesOf(tree).map(({ type }) => type));
        for (const kind of ['html', 'code', 'inlineCode', 'image', 'strong', 'blockquote', 'definition'])
          expect(kinds).not.toContain(kind);
        const title = nodesOf(tree).find(({ type, depth }) => type === 'heading' && depth === 1);
        expect(textOf(title)).toBe(oneLine(page.text));
        expect(linksOf(tree)).toEqual(
          expect.arrayContaining(page.sources.map(({ url }) => url.replaceAll('"', '%22'))),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('finds the items of a day, each with its link', () => {
    fc.assert(
      fc.property(anyDayPage, (page) => {
        const tree = fromMarkdown(markdown.day(page, site));
        const items = nodesOf(tree).filter(({ type, depth }) => type === 'heading' && depth === 3);
        const inOrder = groups(page.items).flatMap((group) => group.items);
        expect(items.map(textOf)).toEqual(inOrder.map(({ text }) => oneLine(text)));
        expect(items.flatMap((item) => linksOf(item))).toEqual(
          inOrder.map(({ day, slug }) => eventPath(day, slug, 'md')),
        );
      }),
    );
  });
});

const topicTexts = (topics: EventPage['topics']): string[] => topics.map(({ text }) => oneLine(text)).filter(Boolean);

function readingOf(page: EventPage): ReadEvent {
  const lastIndex = page.wordings.length - 1;
  return {
    day: { text: page.day, to: dayPath(page.day, 'md') },
    topics: topicTexts(page.topics),
    sentence: oneLine(page.text),
    description: descriptionOf(page)?.text ?? '',
    sources: page.sources.map((source, index) => ({
      number: index + 1,
      label: sourceName(source),
      url: source.url,
      ...(source.article?.image && { coverImage: source.article.image.url }),
    })),
    changes:
      lastIndex === 0
        ? []
        : page.wordings.map((wording, index) => ({
            text: oneLine(wording.text),
            to: `${encodeURIComponent((index === lastIndex ? page.slug : wording.slug) ?? '')}.md`,
            note:
              index === lastIndex
                ? '(Current version)'
                : `2017-01-30 14:05:11 (${index === 0 ? 'First version' : 'Update'})`,
          })),
    related: page.related.map(({ text, day, slug, context }) => ({
      text: oneLine(text),
      to: eventPath(day, slug, 'md'),
      context: context.map(oneLine),
    })),
  };
}

function readingOfDay(page: DayPage): ReadDay {
  const items = groups(page.items).flatMap((group) => group.items);
  return {
    day: { text: page.day, to: dayPath(page.day, 'md') },
    items: items.map(({ text, day, slug, topics, description, context }) => ({
      text: oneLine(text),
      to: eventPath(day, slug, 'md'),
      topics: topicTexts(topics),
      description: cut(oneLine(description ?? ''), 300),
      context: oneLine(description ?? '') ? [] : context.map(oneLine),
    })),
    ...(page.previous && { previous: dayPath(page.previous, 'md') }),
  };
}

interface Node {
  type: string;
  depth?: number;
  url?: string;
  value?: string;
  children?: Node[];
}

const nodesOf = (node: Node): Node[] => [node, ...(node.children ?? []).flatMap(nodesOf)];
const linksOf = (node: Node): string[] =>
  nodesOf(node).flatMap(({ type, url }) => (type === 'link' && url !== undefined ? [url] : []));
const textOf = (node: Node | undefined): string =>
  node
    ? nodesOf(node)
        .map(({ value }) => value ?? '')
        .join('')
    : '';

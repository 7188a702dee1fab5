import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plainTextOf, readElements } from '../../packages/sources/src/feed/elements.ts';
import { readFeed } from '../../packages/sources/src/feed/read-feed.ts';

/**
 * The files that another feed parser is tested with: of each, beside it, what
 * that parser reads in it. FEED_FILES names their directory. Debian's package
 * golang-github-mmcdole-gofeed-dev has 495 of them in its folder testdata.
 */
const directory = process.env['FEED_FILES'] ?? '';
const files = directory ? feedFiles(directory) : [];
const BASE = 'http://feeds.example/';

interface Expected {
  title?: string;
  items: { title?: string; link: string }[];
}

if (!directory) console.warn('feeds of others: not run, FEED_FILES names no directory');

describe.skipIf(!directory)('feeds of others', () => {
  it('are there', () => {
    expect(files.length).toBeGreaterThan(300);
  });

  it('are read, whatever they are', () => {
    const slow = files.filter((file) => {
      const from = performance.now();
      readFeed(readFileSync(file), BASE);
      return performance.now() - from > 1_000;
    });
    expect(slow).toEqual([]);
  });

  it('have the titles and links that their own parser finds', () => {
    const compared = files.flatMap((file) => {
      const expected = expectedOf(file);
      if (!expected) return [];
      const { title, items } = readFeed(withLinks(readFileSync(file)), BASE) ?? { items: [] };
      return [{ file, ours: { title, items }, expected }];
    });
    expect(compared.length).toBeGreaterThan(200);
    for (const { file, ours, expected } of compared) {
      if (expected.title !== undefined) expect(wordsOf(ours.title), file).toBe(wordsOf(expected.title));
      for (const { title, link } of expected.items) {
        const item = ours.items.find(({ url }) => url === new URL(link, BASE).href);
        expect(item, `${file} ${link}`).toBeDefined();
        if (title !== undefined) expect(wordsOf(item?.title), file).toBe(wordsOf(title));
      }
    }
  });
});

function feedFiles(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.xml'))
    .map((file) => join(root, file));
}

/** What the other parser reads in a file; entries without any address are no articles for us, and get one. */
function expectedOf(file: string): Expected | undefined {
  const beside = file.replace(/\.xml$/, '.json');
  if (!existsSync(beside)) return undefined;
  const read = JSON.parse(readFileSync(beside, 'utf8')) as Record<string, unknown>;
  const entries = (read['items'] ?? read['entries'] ?? []) as Record<string, unknown>[];
  return {
    ...(typeof read['title'] === 'string' && { title: read['title'] }),
    items: entries.flatMap((entry, at) => {
      const link = entry['link'] ?? (entry['links'] || entry['id'] || entry['guid'] ? undefined : linkOf(at));
      const title = entry['title'];
      return typeof link === 'string' ? [{ link, ...(typeof title === 'string' && { title }) }] : [];
    }),
  };
}

const linkOf = (at: number): string => new URL(`/entry-${at}`, BASE).href;

/** Every item and entry with a last link of its own, which counts where it has none. */
function withLinks(bytes: Buffer): Buffer {
  let count = 0;
  const text = bytes.toString('latin1');
  return Buffer.from(
    text.replace(/<\/((?:\w+:)?)(item|entry)>/g, (end, prefix: string, name) => {
      const link = linkOf(count++);
      return `${name === 'item' ? `<${prefix}link>${link}</${prefix}link>` : `<${prefix}link href="${link}"/>`}${end}`;
    }),
    'latin1',
  );
}

/** How often markup in a title is escaped is a matter of taste: the words alone, without any. */
function wordsOf(title = ''): string {
  const plain = (text: string): string => plainTextOf(readElements(`<t>${text.replace(/<[^<>]*>/g, ' ')}</t>`));
  return plain(plain(plain(title)));
}

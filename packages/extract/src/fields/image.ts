import type { ArticleImage } from '@throughline/core';
import { stringsOf } from '../json-ld.ts';
import type { Page } from '../page.ts';
import type { FieldReader } from '../rule.ts';
import { resolveAddress, sameAddress } from '../url.ts';
import { ld, meta } from './reading.ts';

/** File names of pictures that stand for an outlet or for nothing, not for an article. */
const PLACEHOLDER =
  /^(?:(?:.*[._-])?(?:logo|logos|sprite|placeholder|blank|spacer|favicon|no-?image|noimg|missing|transparent|pixel|1x1)(?:[._-].*)?|(?:rcom-)?default(?:[._-](?:image|img|thumb|share|og|social|\d+))*|(?:og|social|share)[._-](?:default|image|logo))$/i;

export const image: FieldReader<'image'> = {
  name: 'image',
  rules: [
    { name: 'json-ld:image', confidence: 0.9, read: ldImage },
    meta('og:image', 0.9),
    meta('og:image:url', 0.9),
    meta('og:image:secure_url', 0.9),
    meta('twitter:image', 0.85),
    meta('twitter:image:src', 0.85),
    meta('parsely-image-url', 0.85),
    meta('sailthru.image.full', 0.85),
    ld('thumbnailUrl', 0.8),
    { name: 'link:image_src', confidence: 0.8, read: (page) => page.links('image_src') },
    meta('thumbnail', 0.7),
    meta('image', 0.7),
  ],
  clean(raw, page): ArticleImage | undefined {
    for (const reference of raw) {
      const url = resolveAddress(reference, page.url);
      if (url && !isPlaceholder(url)) return { url };
    }
    return undefined;
  },
  same: (one, other) => sameAddress(one.url, other.url),
};

export function isPlaceholder(url: string): boolean {
  const { pathname } = new URL(url);
  const file = pathname.slice(pathname.lastIndexOf('/') + 1);
  const name = file.replace(/\.\w{2,5}$/, '');
  return /\.svg$/i.test(file) || PLACEHOLDER.test(name);
}

function ldImage(page: Page): string[] {
  const image = page.article()?.['image'];
  return [
    ...stringsOf(image, page.linkedData(), 'url'),
    ...stringsOf(image, page.linkedData(), 'contentUrl'),
    ...stringsOf(image, page.linkedData(), '@id'),
  ];
}

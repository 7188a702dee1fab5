import type { FieldReader } from '../rule.ts';
import { resolveAddress, sameAddress } from '../url.ts';
import { ld, meta } from './reading.ts';

export const canonicalUrl: FieldReader<'canonicalUrl'> = {
  name: 'canonicalUrl',
  rules: [
    { name: 'link:canonical', confidence: 0.95, read: (page) => page.links('canonical') },
    meta('og:url', 0.9),
    ld('mainEntityOfPage', 0.85, '@id'),
    ld('url', 0.8),
  ],
  clean: ([raw], page) => (raw === undefined ? undefined : resolveAddress(raw, page.url)),
  same: sameAddress,
};

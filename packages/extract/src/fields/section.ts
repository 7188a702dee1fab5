import { plainText, textKey } from '../plain.ts';
import type { FieldReader } from '../rule.ts';
import { ld, meta } from './reading.ts';

export const section: FieldReader<'section'> = {
  name: 'section',
  rules: [
    ld('articleSection', 0.9),
    meta('article:section', 0.9),
    meta('parsely-section', 0.9),
    meta('sailthru.section', 0.7),
    meta('section', 0.7),
  ],
  clean: ([raw]) => (raw === undefined ? undefined : plainText(raw) || undefined),
  same: (one, other) => textKey(one) === textKey(other),
};

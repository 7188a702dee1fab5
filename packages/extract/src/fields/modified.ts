import type { FieldReader } from '../rule.ts';
import { firstDate, sameDate } from './published.ts';
import { ld, meta } from './reading.ts';

export const modified: FieldReader<'modified'> = {
  name: 'modified',
  rules: [
    ld('dateModified', 0.9),
    meta('article:modified_time', 0.9),
    meta('og:updated_time', 0.8),
    meta('datemodified', 0.8),
    meta('dcterms.modified', 0.8),
    meta('dc.date.modified', 0.8),
    meta('last-modified', 0.6),
    meta('lastmod', 0.6),
    meta('revised', 0.6),
  ],
  clean: (raw, page) => firstDate(raw, page),
  same: sameDate,
};

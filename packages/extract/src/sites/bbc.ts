import type { Page } from '../page.ts';
import type { Site } from './site.ts';

/**
 * The BBC's pages up to 2011, which the archive cites by the thousand: no JSON-LD
 * and no Open Graph, the title under a row of sections, and the time of
 * publication in a tag of its own, in GMT.
 */
export const bbc: Site = {
  name: 'bbc',
  hosts: ['bbc.co.uk', 'bbc.com'],
  rules: {
    title: [{ name: 'bbc:headline', confidence: 0.95, read: (page) => page.meta('headline') }],
    published: [{ name: 'bbc:first-published', confidence: 0.95, read: firstPublished }],
    section: [{ name: 'bbc:section', confidence: 0.9, read: (page) => page.meta('section') }],
  },
};

function firstPublished(page: Page): string[] {
  return page.meta('originalpublicationdate').map((stamp) => `${stamp.replaceAll('/', '-')} GMT`);
}

import { renderDayPage } from '../day-page.tsx';
import { renderEventPage } from '../event-page.tsx';
import type { Format } from '../format.ts';
import { renderFrontPage } from '../front-page.tsx';
import type { Alternate } from '../layout.tsx';
import { renderGonePage, renderProblemPage } from '../message-page.tsx';
import { pathOf, type Place } from '../path.ts';
import { json } from './json.ts';
import { markdown } from './markdown.ts';
import { xml } from './xml.ts';

/** Pages for people: one file each, no script, nothing loaded from elsewhere. */
export const html: Format = {
  name: 'html',
  label: 'HTML',
  mediaType: 'text/html',
  event: (page, site) => renderEventPage(page, site, alternates({ kind: 'event', day: page.day, slug: page.slug })),
  day: (page, site) => renderDayPage(page, site, alternates({ kind: 'day', day: page.day })),
  front: (page, site) => renderFrontPage(page, site, alternates({ kind: 'front' })),
  gone: renderGonePage,
  problem: { mediaType: 'text/html', render: renderProblemPage },
};

const alternates = (place: Place): Alternate[] =>
  [markdown, json, xml].map(({ name, label, mediaType }) => ({
    label,
    mediaType,
    href: pathOf({ ...place, ext: name }),
  }));

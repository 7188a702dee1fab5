import type { Day, DayPage, FrontPage, Origin } from '@throughline/core';
import { safeUrl } from './link.ts';
import { writtenDay } from './time.ts';

const LICENSE_URLS: Record<string, string> = {
  'CC BY-SA 4.0': 'https://creativecommons.org/licenses/by-sa/4.0/',
  'CC BY-SA 3.0': 'https://creativecommons.org/licenses/by-sa/3.0/',
  'CC0 1.0': 'https://creativecommons.org/publicdomain/zero/1.0/',
};

/** Whom a text is owed to; what a reader of any format is told. */
export interface Attribution {
  title: string;
  /** Absent where the origin's URL is not safe to link to. */
  url?: string;
  revision?: number;
  license: string;
  licenseUrl?: string;
}

export function attributionOf(origin: Origin): Attribution {
  const url = originUrl(origin);
  const licenseUrl = LICENSE_URLS[origin.license];
  return {
    title: origin.title,
    ...(url && { url }),
    ...(origin.revision !== undefined && { revision: origin.revision }),
    license: origin.license,
    ...(licenseUrl && { licenseUrl }),
  };
}

/** One for each day, the newest first. */
export const attributionsOf = (page: FrontPage): Attribution[] => page.days.map(dayAttribution);

export const dayAttribution = (page: DayPage): Attribution => attributionOf(page.origin ?? portalPage(page.day));

/** For pages with events of many days: the portal as a whole. */
export const portalAttribution = (): Attribution =>
  attributionOf({
    title: 'Portal:Current events',
    url: 'https://en.wikipedia.org/wiki/Portal:Current_events',
    license: 'CC BY-SA 4.0',
  });

/** The portal's page of a day: its title has no leading zero and an English month. */
export function portalPage(day: Day): Origin {
  const [dayOfMonth, month, year] = writtenDay(day).split(' ');
  const title = `Portal:Current events/${year} ${month} ${dayOfMonth}`;
  const url = `https://en.wikipedia.org/wiki/${title.replaceAll(' ', '_')}`;
  return { title, url, license: 'CC BY-SA 4.0' };
}

function originUrl({ url, revision }: Origin): string | undefined {
  const safe = safeUrl(url);
  if (!safe || revision === undefined || !/^https?:\/\/[a-z.]+\.wikipedia\.org\/wiki\//.test(safe)) return safe;
  const exact = new URL(safe);
  exact.searchParams.set('oldid', String(revision));
  return exact.href;
}

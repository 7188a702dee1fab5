/** What a page needs to know of the site that it is part of. */
export interface Site {
  name: string;
  /** Scheme, host and port, no slash at the end: `https://news.example`. */
  origin: string;
  /** A WebSub hub that hands its feeds on. */
  hub?: string;
  /** Further entries of the navigation. */
  navigation?: readonly { label: string; href: string }[];
}

/** A path as an absolute URL of the site. */
export const absolute = (site: Site, path: string): string => site.origin + path;

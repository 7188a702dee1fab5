import { parseAddress, specialKind } from './address.ts';

/** Longer URLs are not kept: an index row of Postgres holds at most 2,704 bytes. */
export const MAX_URL_LENGTH = 2000;

/**
 * The form in which the spellings of one page's URL are equal; for matching
 * only, as it may not answer when asked. It has `https`, no credentials,
 * fragment or usual port, no host prefix as `www.` and `m.`, no AMP cache or AMP path, no
 * tracking parameters, no trailing slash, a sorted query, and normalised
 * percent-encoding (RFC 3986, 6.2.2). A fragment that is a route (`#/news/…`,
 * `#!…`) names a page of its own and is kept. Undefined for what is not an http(s) URL
 * or is longer than `MAX_URL_LENGTH` characters. Idempotent; never throws.
 */
export function canonicalUrl(url: string): string | undefined {
  let current = url;
  // Taking one layer off can bare another (an AMP cache of a mobile page), so go on until nothing changes.
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const next = canonicalOnce(current);
    if (next === undefined || next === current) return next;
    current = next;
  }
  return undefined;
}

const MAX_ROUNDS = 20;

function canonicalOnce(url: string): string | undefined {
  const parsed = parseHttpUrl(url);
  if (!parsed) return undefined;
  const wrapped = wrappedUrl(parsed);
  if (wrapped !== undefined) return wrapped;
  const result = `https://${canonicalHost(parsed.hostname)}${oddPort(parsed.port)}${canonicalPath(parsed.pathname)}${canonicalQuery(parsed.search)}${route(parsed.hash)}`;
  return result.length <= MAX_URL_LENGTH ? result : undefined;
}

/** The host as politeness counts it: lower case, no trailing dot, with the port where it is not the scheme's own. */
export function hostOf(url: string): string | undefined {
  return parseHttpUrl(url)?.host.replace(/\.(?=$|:)/, '');
}

/** Parses an http(s) URL, white space around it ignored; undefined for anything else. */
export function parseHttpUrl(url: string): URL | undefined {
  if (url.length > 2 * MAX_URL_LENGTH || !URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  return (parsed.protocol === 'http:' || parsed.protocol === 'https:') && parsed.hostname ? parsed : undefined;
}

/** Prefixes under which an outlet serves the same pages again. */
const TWIN_PREFIX = /^(?:www\d{0,2}|m|mobile|amp|wap|touch|pda)\.(?=[^.]+\.)/;
/** As in `en.m.wikipedia.org`. */
const INNER_MOBILE = /^([^.]+)\.m\.(?=[^.]+\.)/;
/** Outlets that serve every page under two names. */
const HOST_TWINS: Readonly<Record<string, string>> = { 'bbc.co.uk': 'bbc.com', 'edition.cnn.com': 'cnn.com' };

function canonicalHost(hostname: string): string {
  const host = hostname.replace(/\.$/, '');
  if (parseAddress(host)) return host;
  const bare = host.replace(TWIN_PREFIX, '').replace(INNER_MOBILE, '$1.');
  return Object.hasOwn(HOST_TWINS, bare) ? (HOST_TWINS[bare] ?? bare) : bare;
}

const oddPort = (port: string): string => (port === '' || port === '80' || port === '443' ? '' : `:${port}`);

function canonicalPath(pathname: string): string {
  const segments = normalEscapes(pathname.replace(/;jsessionid=[^/]*/gi, ''))
    .replace(/\.amp(?=(?:\.html?)?\/?$)/i, '')
    .split('/')
    .filter((segment) => segment !== '');
  if (segments.length > 1 && /^index\.html?$/i.test(segments.at(-1) ?? '')) segments.pop();
  const others = segments.filter((segment) => segment !== 'amp');
  return `/${(others.length > 0 ? others : segments).join('/')}`;
}

function canonicalQuery(search: string): string {
  const pairs = normalEscapes(search.slice(1).replaceAll('+', '%20'))
    .split('&')
    .filter((pair) => pair !== '' && pair !== '=' && !isTracking(pair));
  return pairs.length > 0 ? `?${pairs.sort().join('&')}` : '';
}

const route = (hash: string): string => (/^#.*\//.test(hash) || hash.startsWith('#!') ? normalEscapes(hash) : '');

const TRACKING_PREFIX =
  /^(?:utm_|ns_|wt\.|wtm|pk_|mtm_|hsa_|fb_|ga_|aef_campaign|__twitter|at_(?:medium|campaign|custom|link))/;
const TRACKING = new Set(
  `_ga _gl _r amp clickid cmp cmpid csp dclid dlvrit eref fbclid feedname feedtype gclid gclsrc guccounter
   guce_referrer guce_referrer_sig hpid hpt icid igsh igshid intcid intcmp iref ito ks_id mbid mc_cid mc_eid mkt_tok
   msclkid ncid nclick_check ocid oref partner pgtype ref ref_src ref_url refer referrer rpc rss s_cid sc_cid smid
   smtyp spref sref taid trk twclid vero_id wickedid wpisrc wpmm xtor yclid`.split(/\s+/),
);

function isTracking(pair: string): boolean {
  const [name = '', value] = pair.toLowerCase().split('=', 2);
  return (
    TRACKING.has(name) ||
    TRACKING_PREFIX.test(name) ||
    ((name === 'outputtype' || name === 'output') && value === 'amp')
  );
}

/** Characters that mean the same with and without their percent-encoding: unreserved ones and delimiters of no use to a server's routing. */
const PLAIN = /[\w.~!$'()*,;:@-]/;

function normalEscapes(text: string): string {
  return text.replace(/%([0-9a-f]{2})?/gi, (escape, hex: string | undefined) => {
    if (hex === undefined) return '%25';
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    return PLAIN.test(character) ? character : escape.toUpperCase();
  });
}

/** The URL that an AMP cache or a search engine's link leads to. */
function wrappedUrl({ hostname, pathname, search, searchParams }: URL): string | undefined {
  if (hostname.endsWith('.cdn.ampproject.org')) return cachedUrl(/^\/[a-z]\/(s\/)?(.+)$/, pathname, search);
  if (!/^(?:www\.)?google\.[a-z.]{2,6}$/.test(hostname)) return undefined;
  if (pathname === '/url') return httpOnly(searchParams.get('q') ?? searchParams.get('url') ?? '');
  return cachedUrl(/^\/amp\/(s\/)?(.+)$/, pathname, search);
}

function cachedUrl(pattern: RegExp, pathname: string, search: string): string | undefined {
  const [, secure, rest] = pattern.exec(pathname) ?? [];
  return rest?.split('/', 1)[0]?.includes('.') ? httpOnly(`http${secure ? 's' : ''}://${rest}${search}`) : undefined;
}

const httpOnly = (url: string): string | undefined => parseHttpUrl(url)?.href;

/** Whether a URL can be asked for, and if not, a sentence that says why. */
export type Submittable = { ok: true; url: string } | { ok: false; problem: string };

/** Names that no public server has: RFC 6761, RFC 6762, RFC 8375, RFC 7686, and the Internet's `internal`. */
const LOCAL_NAME = /(?:^|\.)(?:localhost|local|localdomain|internal|intranet|lan|home\.arpa|onion|invalid)$/;

/**
 * Checks a URL that a person or a page submits, before anything is asked of a
 * network: http(s), no credentials, the web's own ports, a public host name or address. The URL
 * comes back as browsers write it, without its fragment.
 */
export function checkSubmittable(url: string): Submittable {
  const no = (problem: string): Submittable => ({ ok: false, problem });
  if (!URL.canParse(url)) return no(`${quote(url.replace(/\/\/[^/]*@/, '//'))} is not a URL`);
  const parsed = new URL(url);
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') {
    return no(`${quote(parsed.protocol)} is not supported: the URL must begin with http:// or https://`);
  }
  if (parsed.username || parsed.password) return no(`the URL of ${quote(parsed.host)} carries a user name or password`);
  parsed.hash = '';
  if (parsed.href.length > MAX_URL_LENGTH) return no(`the URL has more than ${MAX_URL_LENGTH} characters`);
  const problem = hostProblem(parsed.hostname);
  if (problem !== undefined) return no(problem);
  if (oddPort(parsed.port)) return no(`port ${parsed.port} of ${quote(parsed.hostname)} is neither 80 nor 443`);
  return { ok: true, url: parsed.href };
}

/** Why a host name or IP literal cannot be a public server's; undefined where it can. */
export function hostProblem(hostname: string): string | undefined {
  const host = hostname.replace(/\.$/, '').toLowerCase();
  const address = parseAddress(host);
  if (address) {
    const kind = specialKind(address);
    return kind === undefined ? undefined : `${quote(host)} is not a public address (${kind})`;
  }
  if (host.includes('.') && !LOCAL_NAME.test(host)) return undefined;
  return `${quote(host)} is not a public host name`;
}

const quote = (value: string): string => JSON.stringify(value.length > 200 ? `${value.slice(0, 200)}…` : value);

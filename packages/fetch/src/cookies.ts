const MAX_COOKIES = 50;
const MAX_VALUE = 4096;

interface Cookie {
  name: string;
  value: string;
  host: string;
  /** Whether hosts under `host` get it too. */
  wide: boolean;
}

/**
 * Cookies for the length of one chain of redirects: some outlets answer with a
 * redirect until their cookie comes back. Nothing outlives the chain.
 */
export function chainCookies() {
  const jar = new Map<string, Cookie>();

  return {
    /** Keeps what an answer from `url` sets. */
    keep(url: URL, setCookie: readonly string[] = []): void {
      for (const line of setCookie.slice(0, MAX_COOKIES)) {
        const cookie = parseCookie(line, url.hostname);
        if (cookie && (jar.size < MAX_COOKIES || jar.has(keyOf(cookie)))) jar.set(keyOf(cookie), cookie);
      }
    },
    /** The Cookie header for `url`; undefined where there is none. */
    header(url: URL): string | undefined {
      const fitting = [...jar.values()].filter(
        ({ host, wide }) => url.hostname === host || (wide && url.hostname.endsWith(`.${host}`)),
      );
      return fitting.length > 0 ? fitting.map(({ name, value }) => `${name}=${value}`).join('; ') : undefined;
    },
  };
}

const keyOf = ({ name, host }: Cookie): string => `${host} ${name}`;

function parseCookie(line: string, hostname: string): Cookie | undefined {
  const [pair = '', ...attributes] = line.slice(0, 2 * MAX_VALUE).split(';');
  const [, name, value] = /^\s*([!#$%&'*+.^_`|~\w-]+)\s*=\s*([\x21-\x7e]*)\s*$/.exec(pair) ?? [];
  if (name === undefined || value === undefined || value.length > MAX_VALUE) return undefined;
  const domain = attributes.map((attribute) => /^\s*domain\s*=\s*\.?([\w.-]+)\s*$/i.exec(attribute)?.[1]).find(Boolean);
  if (domain === undefined) return { name, value, host: hostname, wide: false };
  const host = domain.toLowerCase();
  const ours = host.includes('.') && (hostname === host || hostname.endsWith(`.${host}`));
  return ours ? { name, value, host, wide: true } : undefined;
}

/** The absolute http(s) address of a reference on a page; undefined where it is none. */
export function resolveAddress(reference: string, base: string): string | undefined {
  const parsed = reference.length > MAX_LENGTH ? undefined : parseAddress(reference.trim(), base);
  return parsed && /^https?:$/.test(parsed.protocol) ? parsed.href : undefined;
}

export function parseAddress(reference: string, base?: string): URL | undefined {
  return URL.canParse(reference, base) ? new URL(reference, base) : undefined;
}

/** Whether two addresses name one page: scheme, `www.`, query, fragment and a last slash make no difference. */
export const sameAddress = (one: string, other: string): boolean => bareAddress(one) === bareAddress(other);

const bareAddress = (address: string): string => {
  const bare = address
    .slice(0, MAX_LENGTH)
    .replace(/^https?:\/\//i, '')
    .replace(/^(?:www|m|mobile|amp)\./i, '')
    .split(/[?#]/, 1)[0]!;
  let end = bare.length;
  while (bare[end - 1] === '/') end--;
  return bare.slice(0, end).toLowerCase();
};

/** Longer addresses are none. */
const MAX_LENGTH = 4_000;

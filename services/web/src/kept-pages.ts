import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { isKnownAlready, withoutBody, type Prepared } from './answer.ts';
import { preferredEncoding, type Encoding } from './negotiate.ts';
import type { PageCache } from './page-cache.ts';
import { SECURITY_HEADERS } from './security.ts';

/** A page's key in the cache. `variant` is whatever of the answer its path does not say, as the format that a client would rather have. */
export const pageKey = (path: string, encoding: Encoding | undefined, variant = ''): string =>
  `${variant} ${encoding ?? ''} ${path}`;

/**
 * Sends pages that are kept as they are, without a request and a response being
 * made of them for the service: that takes several times as long as sending.
 * What is not kept, or no longer current, `otherwise` answers.
 */
export function keptFirst(pages: PageCache, otherwise: RequestListener): RequestListener {
  return (incoming, outgoing) => {
    const key = incoming.method === 'GET' ? keyOf(incoming) : undefined;
    if (key !== undefined && pages.has(key)) sendOr(pages.kept(key), incoming, outgoing, otherwise);
    else otherwise(incoming, outgoing);
  };
}

function sendOr(
  kept: Promise<Prepared | undefined>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  otherwise: RequestListener,
): void {
  kept.then(
    (page) => (page ? sendKept(page, incoming, outgoing) : otherwise(incoming, outgoing)),
    () => otherwise(incoming, outgoing),
  );
}

/** A path with a query, or in another spelling, is the service's to understand. */
function keyOf({ url = '', headers }: IncomingMessage): string | undefined {
  const encoding = headers['accept-encoding'];
  return url.includes('?')
    ? undefined
    : pageKey(url, preferredEncoding(Array.isArray(encoding) ? encoding.join() : encoding));
}

function sendKept(page: Prepared, { headers: asked }: IncomingMessage, outgoing: ServerResponse): void {
  const headers = { ...page.headers, ...SECURITY_HEADERS };
  if (isKnownAlready(page, asked['if-none-match'])) outgoing.writeHead(304, withoutBody(headers)).end();
  else outgoing.writeHead(page.status, headers).end(page.bytes);
}

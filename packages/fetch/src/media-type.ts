/** Media types of article pages. */
export const PAGE_TYPES: readonly string[] = ['text/html', 'application/xhtml+xml'];

/** A Content-Type header's media type (lower case, empty if malformed) and charset. */
export function parseContentType(header: string | undefined): { type: string; charset?: string } {
  const text = (header ?? '').slice(0, 500).toLowerCase();
  const type = /^\s*([\w!#$&^.+-]+\/[\w!#$&^.+-]+)\s*(?:[;,]|$)/.exec(text)?.[1] ?? '';
  const charset = /;\s*charset\s*=\s*["']?\s*([^\s"';,]+)/.exec(text)?.[1];
  return charset === undefined ? { type } : { type, charset };
}

/** Declarations that say nothing: servers send them for want of a better one. */
const VAGUE = new Set([
  '',
  'text/plain',
  'application/octet-stream',
  'application/unknown',
  'application/x-unknown',
  '*/*',
]);

/** Whether a declared type must give way to what the bytes look like. */
export const isVague = (type: string): boolean => VAGUE.has(type) || !type.includes('/');

const MAGIC: readonly (readonly [start: string, type: string])[] = [
  ['%PDF-', 'application/pdf'],
  ['\x89PNG\r\n', 'image/png'],
  ['\xff\xd8\xff', 'image/jpeg'],
  ['GIF8', 'image/gif'],
  ['PK\x03\x04', 'application/zip'],
  ['\x1f\x8b', 'application/gzip'],
  ['\x1aE\xdf\xa3', 'video/webm'],
  ['ID3', 'audio/mpeg'],
  ['OggS', 'application/ogg'],
  ['RIFF', 'application/octet-stream'],
];

const HTML_START =
  /^(?:\xef\xbb\xbf)?(?:\s|<!--(?:(?!-->)[^])*-->)*<(?:!doctype\s+html|html|head|body|script|style|title|meta|link|iframe|div|table|h1|p|a|br|b)[\s>/]/i;
const XML_START = /^(?:\xef\xbb\xbf)?\s*<(?:\?xml|rss|feed|urlset|sitemapindex)[\s>]/i;

/**
 * The media type that the first bytes show, after the MIME Sniffing Standard:
 * HTML, XML, JSON-looking text and the commonest binary formats. Undefined
 * where they show nothing.
 */
export function sniff(body: Uint8Array): string | undefined {
  const start = Buffer.from(body.buffer, body.byteOffset, Math.min(body.length, 1024)).toString('latin1');
  const magic = MAGIC.find(([prefix]) => start.startsWith(prefix));
  if (magic) return magic[1];
  if (HTML_START.test(start)) return 'text/html';
  if (XML_START.test(start)) return /<html[\s>]/i.test(start) ? 'application/xhtml+xml' : 'application/xml';
  if (/^\s*[[{]/.test(start)) return 'application/json';
  return undefined;
}

/** The type to go by: binary bytes are never text, and a vague declaration gives way to what the bytes show. */
export function settledType(declared: string, body: Uint8Array): string {
  const seen = sniff(body);
  if (seen === undefined) return declared;
  const binary = !/html|xml|json/.test(seen);
  if (isVague(declared)) return seen;
  return binary && /^text\/|xml|json/.test(declared) ? seen : declared;
}

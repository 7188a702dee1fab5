import type { Ok } from './fetched.ts';
import { PAGE_TYPES, parseContentType, settledType } from './media-type.ts';
import { copyAt } from './memento.ts';
import type { Capture } from './warc.ts';

/**
 * A kept answer as the page that was fetched; undefined where it is none. The
 * URL of an archived copy's bytes gives way to that of the page itself.
 */
export function keptPage({
  url,
  status,
  headers,
  body,
}: Capture): Pick<Ok, 'body' | 'contentType' | 'charset' | 'finalUrl'> | undefined {
  const { type, charset } = parseContentType(headers['content-type']);
  const contentType = settledType(type, body);
  if (status < 200 || status >= 300 || !PAGE_TYPES.includes(contentType)) return undefined;
  return { body, contentType, ...(charset !== undefined && { charset }), finalUrl: copyAt(url)?.original ?? url };
}

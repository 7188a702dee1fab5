import { isAscii, isUtf8 } from 'node:buffer';
import { detectCharset } from './charset-detection.ts';
import { decodeAs } from './decode-as.ts';
import { parseContentType } from './media-type.ts';

export interface Decoded {
  text: string;
  /** The WHATWG name of the charset, lower case. */
  charset: string;
  /** What told it. */
  by: 'bom' | 'bytes' | 'header' | 'meta' | 'detection';
}

/**
 * Decodes an HTML page. A byte order mark decides; then the bytes themselves,
 * where they are valid UTF-8; then the Content-Type header, the page's `<meta>`
 * and detection, each only as far as the bytes can be read that way. Never
 * throws: what cannot be read becomes U+FFFD.
 */
export function decodeHtml(bytes: Uint8Array, { contentType }: { contentType?: string } = {}): Decoded {
  const mark = byteOrderMark(bytes);
  if (mark) return decoded(bytes, mark, 'bom');
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEAD)).toString('latin1');
  const declared = declarations(head, contentType);
  if (isUtf8(bytes) && !contradicted(bytes, declared)) return decoded(bytes, 'utf-8', 'bytes');
  for (const { charset, by } of declared) {
    const reading = decoded(bytes, charset, by);
    if (isReadable(reading.text, bytes)) return reading;
  }
  return decoded(bytes, detectCharset(bytes, languageOf(head)), 'detection');
}

/** Where declarations are looked for, in bytes: the standard says 1,024, pages say otherwise. */
const HEAD = 16 * 1024;

function byteOrderMark([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  // `<` and a zero byte: UTF-16 that forgot its mark.
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) return 'utf-16be';
  return undefined;
}

interface Declaration {
  charset: string;
  by: 'header' | 'meta';
}

const META = /<meta\s[^>]{0,500}?charset\s*=\s*["']?\s*([\w.:-]{1,40})/i;
const XML = /^\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})/i;

/** What header and page declare, the likelier first: a header's Latin-1 is often only the server's default. */
function declarations(head: string, contentType: string | undefined): Declaration[] {
  const found: Declaration[] = [];
  const header = nameOf(parseContentType(contentType).charset);
  if (header) found.push({ charset: header, by: 'header' });
  const meta = nameOf(META.exec(head)?.[1] ?? XML.exec(head)?.[1]);
  // HTML, 13.2.3.2: a page that could be read so far is not UTF-16.
  if (meta) found.push({ charset: meta.startsWith('utf-16') ? 'utf-8' : meta, by: 'meta' });
  return header === 'windows-1252' ? found.reverse() : found;
}

/** A label's charset, after the WHATWG's table of labels; undefined for one that no browser knows. */
function nameOf(label: string | undefined): string | undefined {
  if (label === undefined) return undefined;
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}

/** Whether bytes that happen to be valid UTF-8 are declared to be something in which ASCII or a few pairs mean something else. */
function contradicted(bytes: Uint8Array, declared: readonly Declaration[]): boolean {
  const other = declared[0]?.charset;
  if (other === undefined || other === 'utf-8') return false;
  if (other === 'iso-2022-jp') return bytes.includes(0x1b);
  if (isAscii(bytes) || !MULTI_BYTE.has(other)) return false;
  let beyond = 0;
  for (const byte of bytes) if (byte >= 0x80 && ++beyond > FEW) return false;
  return true;
}

const MULTI_BYTE = new Set(['gbk', 'gb18030', 'big5', 'euc-kr', 'euc-jp', 'shift_jis']);
/** More bytes beyond ASCII than this are not valid UTF-8 by accident. */
const FEW = 12;

/** Whether a reading has so few unreadable places that the charset is right and the page damaged. */
function isReadable(text: string, bytes: Uint8Array): boolean {
  let unreadable = 0;
  for (let at = text.indexOf('\ufffd'); at >= 0; at = text.indexOf('\ufffd', at + 1)) unreadable++;
  if (unreadable === 0) return true;
  let beyond = 0;
  for (const byte of bytes) if (byte >= 0x80) beyond++;
  return unreadable * 20 <= beyond;
}

const languageOf = (head: string): string =>
  /<html\s[^>]{0,500}?lang\s*=\s*["']?\s*([a-z]{2,3}(?:-[a-z]{2,4})?)/i.exec(head)?.[1]?.toLowerCase() ?? '';

function decoded(bytes: Uint8Array, charset: string, by: Decoded['by']): Decoded {
  return { text: decodeAs(charset, bytes), charset, by };
}

import { safeUrl } from './link.ts';
import { clean, oneLine } from './text.ts';

/**
 * A text on one line, with every character escaped that Markdown could read as
 * markup; unescaping backslashes gives the line back. Escapes inside a line
 * only: a paragraph needs `paragraph`.
 */
export const inline = (text: string): string =>
  oneLine(text)
    .replace(/[\\`*_[\]<>~]/g, '\\$&')
    .replace(/&(?=#|[a-z][a-z0-9]*;)/gi, '\\&')
    .replace(/(^|\s)#/g, '$1\\#');

/** A text as a paragraph of its own: what would start a list, a rule or a heading there is escaped too. */
export const paragraph = (text: string): string =>
  inline(text)
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2')
    .replace(/^[-+=]/, '\\$&');

/** A text as one of several separated by commas. */
export const listItem = (text: string): string => inline(text).replaceAll(',', '\\,');

/** `[text](destination)`; the text alone where the destination is neither a path of ours nor a safe URL. */
export function link(text: string, to: string | undefined): string {
  const safe = to?.startsWith('/') || /^[^/:]+\.md$/.test(to ?? '') ? to : safeUrl(to);
  return safe ? `[${inline(text)}](${destination(safe)})` : paragraph(text);
}

/** Balanced parentheses stay as they are, since readers by pattern expect them so. */
function destination(url: string): string {
  const written = clean(url)
    .replace(/[\s<>"\\]/g, encodeURIComponent)
    .replace(/&(?=#|[a-z][a-z0-9]*;)/gi, '\\&');
  return isBalanced(written) ? written : written.replace(/[()]/g, '\\$&');
}

function isBalanced(text: string): boolean {
  let depth = 0;
  for (const character of text) {
    if (character === '(') depth++;
    if (character === ')' && --depth < 0) return false;
    if (depth > 30) return false; // CommonMark promises no more than 32 levels
  }
  return depth === 0;
}

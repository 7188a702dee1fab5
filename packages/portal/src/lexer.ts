import type { Leftover } from '@throughline/core';

/** The comments every page is born with; they frame the items and say nothing of the day. */
const FRAME_COMMENT = /^\s*All news items \w{1,9} this line\s*$/i;
const USUAL_COMMENTS = new Set([' All news items below this line ', ' All news items above this line ']);

/** Line breaks as `\n`, no NUL and no half of a surrogate pair: text that any database and any queue can hold. */
export function clean(text: string): string {
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  const marked = lines.charCodeAt(0) === 0xfeff ? lines.slice(1) : lines;
  const whole = marked.isWellFormed() ? marked : marked.toWellFormed();
  return whole.includes('\0') ? whole.replaceAll('\0', '\uFFFD') : whole;
}

/** Takes the comments out. One that is never closed ends with its line, so that it cannot hide the rest of a page. */
export function stripComments(text: string, leftovers: Leftover[]): string {
  let open = text.indexOf('<!--');
  if (open < 0) return text;
  const kept: string[] = [];
  let from = 0;
  let closes = true;
  while (open >= 0) {
    const close: number = closes ? text.indexOf('-->', open + 4) : -1;
    closes = close >= 0;
    const lineEnd = closes ? -1 : text.indexOf('\n', open);
    const end = closes ? close + 3 : lineEnd < 0 ? text.length : lineEnd;
    const comment = text.slice(open + 4, closes ? close : end);
    if (!USUAL_COMMENTS.has(comment) && !FRAME_COMMENT.test(comment)) {
      const reason = closes ? 'comment' : 'comment without an end';
      leftovers.push({ text: comment.trim() || '<!--', reason });
    }
    kept.push(text.slice(from, open));
    from = end;
    open = text.indexOf('<!--', end);
  }
  kept.push(text.slice(from));
  return kept.join('');
}

const OPENS_BLOCK = /^(?:[*;:#=]|'''|\|\}|\{\||\s*$)/;
const BRACKETS = /\{\{|\}\}|<ref\b[^<>]*>|<\/ref\s*>/gi;

/**
 * The page with each template or reference that runs over several lines on
 * one, offsets unchanged. A blank line, list item or heading ends whatever was
 * left open above it: one forgotten `}}` must not swallow the rest of the day.
 */
export function joinOpenLines(text: string): string {
  if (!text.includes('{{') && !text.includes('<ref')) return text;
  const joined: string[] = [];
  let open = 0;
  for (const line of text.split('\n')) {
    if (open > 0 && OPENS_BLOCK.test(line)) open = 0;
    if (joined.length > 0) joined.push(open > 0 ? ' ' : '\n');
    joined.push(line);
    if (open > 0 || line.includes('{{') || line.includes('<')) open = openAfter(line, open);
  }
  return joined.join('');
}

/** How many templates and references are open at the end of `line`, given how many were at its start. */
function openAfter(line: string, before: number): number {
  let open = before;
  for (const [token] of line.matchAll(BRACKETS)) {
    const opens = token === '{{' || (token[0] === '<' && token[1] !== '/');
    if (!opens) open = Math.max(0, open - 1);
    else if (!token.endsWith('/>')) open++;
  }
  return open;
}

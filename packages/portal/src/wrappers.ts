import type { Leftover, ParsedDay } from '@throughline/core';

export type Wrapper = ParsedDay['wrapper'];

/** `{{Current events header|…}}`, `{{Current events|…|content=`, `{{Current events|…|top=yes}}` and their endings, anywhere on the page. */
const FRAME =
  /\{\{\s{0,9}Current\s{1,9}events\b([^{}|\n]{0,40})((?:\|[^{}]{0,200}?)??)(?:\}\}|\|\s{0,9}content\s{0,9}=)/gi;
const CONTAINER_TAG = /<\/?(?:noinclude|includeonly|onlyinclude|div|section)\b[^<>]*>/gi;

export interface Unwrapped {
  wrapper: Wrapper;
  /** The page without its frame. */
  body: string;
}

/**
 * Takes the frame off a page, whichever it is and wherever its parts stand:
 * what comes after a closing tag is read like the rest. A page without any
 * known frame is `none`; whether that is drift is decided once its content is
 * known.
 */
export function unwrap(text: string, leftovers: Leftover[]): Unwrapped {
  let wrapper: Wrapper = 'none';
  const see = (found: Wrapper): void => {
    if (wrapper === 'none') wrapper = found;
  };
  const body = text.replace(FRAME, (token: string, kind: string, parameters: string) => {
    if (!token.endsWith('}}')) see('content');
    else if (/header|footer/i.test(kind)) see('header');
    else if (/\|\s*(?:top|bottom)\s*=/i.test(parameters)) see('sandwich');
    else leftovers.push({ text: token, reason: 'frame template of an unknown form' });
    return '\n';
  });
  return { wrapper, body: body.includes('<') ? body.replace(CONTAINER_TAG, '\n') : body };
}

/** Whether a line only closes the frame: `}}`, `|}`, or the `{|` of a table that framed the items. */
export function closesFrame(line: string): boolean {
  return /^\s*(?:\}\}|\|\}|\{\|)\s*$/.test(line);
}

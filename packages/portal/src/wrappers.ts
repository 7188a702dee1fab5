import type { Leftover, ParsedDay } from '@throughline/core';

export type Wrapper = ParsedDay['wrapper'];

/** `{{Current events header|…}}`, `{{Current events|…|content=`, `{{Current events|…|top=yes}}` and their endings, anywhere on the page. */
const FRAME =
  /\{\{\s{0,9}Current\s{1,9}events\b([^{}|\n]{0,40})((?:\|[^{}]{0,200}?)??)(?:\}\}|\|\s{0,9}content\s{0,9}=)/gi;
/** What a frame's template has, whatever its form: `header` or `footer`, the day, and which half of a sandwich it is. */
const USUAL_KIND = /^(?:header|footer)?$/i;
const USUAL_PARAMETER =
  /^(?:(?:year|month|day|top|bottom)\s?=\s?)?(?:\d{1,4}|yes|no|january|february|march|april|may|june|july|august|september|october|november|december)?$/i;
const CONTAINER_TAG = /<\/?(?:noinclude|includeonly|onlyinclude|div|section)\b([^<>]*)>/gi;

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
    const form = formOf(token, kind, parameters);
    if (form) see(form);
    if (!form || !isUsual(kind, parameters))
      leftovers.push({ text: token, reason: 'frame template of an unknown form' });
    return '\n';
  });
  return { wrapper, body: body.includes('<') ? withoutContainers(body, leftovers) : body };
}

const withoutContainers = (body: string, leftovers: Leftover[]): string =>
  body.replace(CONTAINER_TAG, (tag: string, attributes: string) => {
    if (attributes.replace('/', '').trim() !== '') leftovers.push({ text: tag, reason: 'attributes of a tag' });
    return '\n';
  });

function formOf(token: string, kind: string, parameters: string): Wrapper | undefined {
  if (!token.endsWith('}}')) return 'content';
  if (/header|footer/i.test(kind)) return 'header';
  return /\|\s*(?:top|bottom)\s*=/i.test(parameters) ? 'sandwich' : undefined;
}

const isUsual = (kind: string, parameters: string): boolean =>
  USUAL_KIND.test(kind.trim()) && parameters.split('|').every((parameter) => USUAL_PARAMETER.test(parameter.trim()));

/** Whether a line only closes the frame: `}}`, `|}`, or the `{|` of a table that framed the items. */
export function closesFrame(line: string): boolean {
  return /^\s*(?:\}\}|\|\}|\{\|)\s*$/.test(line);
}

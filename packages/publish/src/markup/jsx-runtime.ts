import type { JSX as HonoJsx } from 'hono/jsx';

/**
 * What JSX compiles to here: functions that write text. Every page is text from
 * its first element on, so nothing is built that is only to be walked and thrown
 * away; that takes a third of the time of a tree of nodes. No component of ours
 * has state, context or anything to wait for.
 */

/** HTML that is written already: it is never escaped again. */
export class Markup {
  /** As other writers of HTML (`hono/html`) know what is escaped. */
  readonly isEscaped = true;
  readonly html: string;
  constructor(html: string) {
    this.html = html;
  }
  toString(): string {
    return this.html;
  }
}

// oxlint-disable-next-line typescript/no-namespace -- where TypeScript looks for the types of elements
export declare namespace JSX {
  type Element = Markup | null;
  interface ElementChildrenAttribute {
    children: unknown;
  }
  interface IntrinsicElements extends HonoJsx.IntrinsicElements {
    [tag: string]: Props;
  }
}

type Props = Record<string, unknown> & { children?: unknown };
type Component = (props: Props) => Markup | string | null;

const VOID = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));
const BOOLEAN = new Set('checked disabled hidden multiple open readonly required reversed selected'.split(' '));

/** Writes an element, or what a component makes of its properties. */
export function jsx(tag: string | Component, props: Props): Markup | string | null {
  if (typeof tag === 'function') return tag(props);
  let html = `<${tag}`;
  for (const name in props) if (name !== 'children') html += attribute(name, props[name]);
  if (VOID.has(tag)) return new Markup(`${html}/>`);
  return new Markup(`${html}>${written(props.children)}</${tag}>`);
}

export { jsx as jsxs, jsx as jsxDEV };

/** Several things without an element around them. */
export const Fragment = ({ children }: Props): Markup => new Markup(written(children));

/** HTML of our own making, as it is. */
export const raw = (html: string): Markup => new Markup(html);

function attribute(name: string, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'boolean' && BOOLEAN.has(name)) return value ? ` ${name}=""` : '';
  return ` ${name}="${escaped(`${value as string | number | boolean}`)}"`;
}

function written(child: unknown): string {
  if (typeof child === 'string') return escaped(child);
  if (child === undefined || child === null || typeof child === 'boolean') return '';
  if (child instanceof Markup) return child.html;
  if (Array.isArray(child)) return writtenAll(child);
  const text = `${child as string | number}`; // or what has a text of its own
  return isEscaped(child) ? text : escaped(text);
}

function writtenAll(children: readonly unknown[]): string {
  let html = '';
  for (const child of children) html += written(child);
  return html;
}

const isEscaped = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'isEscaped' in value && value.isEscaped === true;

const SPECIAL = /[&<>"']/;
const ALL_SPECIAL = /[&<>"']/g;
const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escaped = (text: string): string =>
  SPECIAL.test(text) ? text.replace(ALL_SPECIAL, (character) => ENTITIES[character] ?? '') : text;

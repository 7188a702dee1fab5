import { Parser } from 'htmlparser2';

/** An element of a feed's XML: its local name, its attributes, its own text, and what is in it. */
export interface Element {
  /** Lower case, without its prefix. */
  name: string;
  /** The prefix, lower case; empty without one. */
  prefix: string;
  attributes: Readonly<Record<string, string>>;
  text: string;
  children: Element[];
}

const MAX_ELEMENTS = 200_000;
const MAX_DEPTH = 60;
const MAX_TEXT = 20_000;

/**
 * Reads XML as strangers write it: whatever is wrong with it, what can be read
 * is. Entities of a document's own are not expanded. Bounded in depth, in
 * elements and in the text of each.
 */
export function readElements(text: string): Element {
  const root: Element = { name: '', prefix: '', attributes: {}, text: '', children: [] };
  const open: Element[] = [root];
  let count = 0;
  const parser = new Parser(
    {
      onopentag(full, attributes) {
        const [local = '', prefix = ''] = full.toLowerCase().split(':').reverse();
        const element: Element = { name: local, prefix, attributes, text: '', children: [] };
        if (++count <= MAX_ELEMENTS && open.length <= MAX_DEPTH) open.at(-1)?.children.push(element);
        open.push(element);
      },
      ontext(piece) {
        const element = open.at(-1);
        if (element && element.text.length < MAX_TEXT) element.text += piece.slice(0, MAX_TEXT);
      },
      onclosetag() {
        if (open.length > 1) open.pop();
      },
    },
    { xmlMode: true, decodeEntities: true, lowerCaseAttributeNames: true },
  );
  parser.write(text);
  parser.end();
  return root;
}

/** The children of a name, of any prefix or of this one. */
export const childrenOf = ({ children }: Element, name: string, prefix?: string): Element[] =>
  children.filter((child) => child.name === name && (prefix === undefined || child.prefix === prefix));

export const childOf = (element: Element, name: string, prefix?: string): Element | undefined =>
  childrenOf(element, name, prefix)[0];

/** All the text in an element, of XHTML and escaped HTML alike without its tags, on one line. */
export function plainTextOf(element: Element | undefined): string {
  if (!element) return '';
  const whole = [element.text, ...element.children.map(plainTextOf)].join(' ');
  return whole
    .replace(/<[^<>]{0,2000}>/g, ' ')
    .replace(/&(amp|lt|gt|quot|apos|nbsp|#39);/g, (_, name: string) => ENTITIES[name] ?? ' ')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  '#39': "'",
  nbsp: ' ',
};

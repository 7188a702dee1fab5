import { Parser } from 'htmlparser2';

/** An element of a feed's XML: its local name, its attributes, and its text and elements in their order. */
export interface Element {
  /** Lower case, without its prefix. */
  name: string;
  /** The prefix, lower case; empty without one. */
  prefix: string;
  attributes: Readonly<Record<string, string>>;
  content: (string | Element)[];
}

const MAX_ELEMENTS = 200_000;
const MAX_DEPTH = 60;
const MAX_TEXT = 20_000;

/**
 * Reads XML as strangers write it: whatever is wrong with it, what can be read
 * is. Entities of a document's own are not expanded. Bounded in depth, in
 * elements and in each run of text.
 */
export function readElements(text: string): Element {
  const root: Element = { name: '', prefix: '', attributes: {}, content: [] };
  const open: Element[] = [root];
  let count = 0;
  let room = MAX_TEXT;
  const parser = new Parser(
    {
      onopentag(full, attributes) {
        const [local = '', prefix = ''] = full.toLowerCase().split(':').reverse();
        const element: Element = { name: local, prefix, attributes, content: [] };
        if (++count <= MAX_ELEMENTS && open.length <= MAX_DEPTH) open.at(-1)?.content.push(element);
        open.push(element);
        room = MAX_TEXT;
      },
      ontext(piece) {
        if (room > 0) open.at(-1)?.content.push(piece.slice(0, room));
        room -= piece.length;
      },
      onclosetag() {
        if (open.length > 1) open.pop();
        room = MAX_TEXT;
      },
    },
    { xmlMode: true, decodeEntities: true, lowerCaseAttributeNames: true },
  );
  parser.write(text);
  parser.end();
  return root;
}

/** The children of a name, of any prefix or of this one. */
export const childrenOf = ({ content }: Element, name: string, prefix?: string): Element[] =>
  content.filter(
    (part): part is Element =>
      typeof part !== 'string' && part.name === name && (prefix === undefined || part.prefix === prefix),
  );

export const childOf = (element: Element, name: string, prefix?: string): Element | undefined =>
  childrenOf(element, name, prefix)[0];

/** All the text in an element, of XHTML and escaped HTML alike without its tags, on one line. */
export function plainTextOf(element: Element | undefined): string {
  if (!element) return '';
  return textOf(element)
    .replace(/<\/?(\w{1,20})[^<>]{0,2000}>/g, (_tag, name: string) => (isInline(name) ? '' : ' '))
    .replace(/<[^<>]{0,2000}>/g, ' ')
    .replace(/&(amp|lt|gt|quot|apos|nbsp|#39);/g, (_, name: string) => ENTITIES[name] ?? ' ')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}

function textOf({ attributes, content }: Element): string {
  const text = content.map((part) => (typeof part === 'string' ? part : within(part))).join('');
  const isEncoded = attributes['mode'] === 'base64' || attributes['type'] === 'application/octet-stream'; // Atom 0.3, 1.0
  return isEncoded ? Buffer.from(text, 'base64').toString('utf8') : text;
}

const within = (element: Element): string => (isInline(element.name) ? textOf(element) : ` ${textOf(element)} `);

/** Whether words on both sides of such a tag are one. */
const isInline = (name: string): boolean => INLINE.has(name.toLowerCase());
const INLINE = new Set('a abbr b bdi bdo cite code em font i mark q s small span strong sub sup u wbr'.split(' '));

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  '#39': "'",
  nbsp: ' ',
};

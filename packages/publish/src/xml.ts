import { clean } from './text.ts';

/** A piece of XML, already escaped. */
export interface Xml {
  readonly xml: string;
}

type Value = string | number | undefined;

/** An element; attributes that are undefined are left out, texts and values are escaped once. */
export function element(name: string, attributes: Record<string, Value>, children: readonly (Xml | string)[]): Xml {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escaped(String(value))}"`)
    .join('');
  const content = children.map((child) => (typeof child === 'string' ? escaped(child) : `\n${child.xml}`)).join('');
  if (content === '') return { xml: `<${name}${written}/>` };
  const end = children.some((child) => typeof child !== 'string') ? '\n' : '';
  return { xml: `<${name}${written}>${content}${end}</${name}>` };
}

/** An element with a text, or nothing where there is none. */
export const optional = (name: string, text: string | undefined): Xml[] =>
  text === undefined || text === '' ? [] : [element(name, {}, [text])];

export const document = (root: Xml): string => `<?xml version="1.0" encoding="UTF-8"?>\n${root.xml}\n`;

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
  '\n': '&#10;',
  '\t': '&#9;',
};

/** Line ends and tabs as references, so that a parser gives them back as they were. */
const escaped = (text: string): string => clean(text).replace(/[&<>"\r\n\t]/g, (character) => ESCAPES[character] ?? '');

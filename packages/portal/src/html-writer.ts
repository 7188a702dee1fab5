import { decodeEntities } from './entities.ts';
import { attributesOf, type HtmlToken } from './html-tokens.ts';

/** Writes HTML as wikitext, line by line. */
export interface Writer {
  lines: string[];
  /** The line being written: its list marks, and its content in parts. */
  marks: string;
  parts: string[];
  /** Lists that are open, outermost first. */
  lists: ('ul' | 'dl')[];
  /** The link being written: its beginning, its end, and how many parts the line had before it. */
  link: { before: string; after: string; at: number } | undefined;
  /** Notes by id: what references held. */
  notes: ReadonlyMap<string, string>;
}

export const newWriter = (notes: ReadonlyMap<string, string>): Writer => ({
  lines: [],
  marks: '',
  parts: [],
  lists: [],
  link: undefined,
  notes,
});

const BLOCKS = new Set(
  'p|div|section|table|tbody|tr|td|th|h1|h2|h3|h4|h5|h6|blockquote|center|body|html|head'.split('|'),
);

/** Lists deeper than this are written as if they were this deep. */
const MAX_DEPTH = 40;

export function write(w: Writer, token: HtmlToken): void {
  if (token.kind === 'text') return writeText(w, token.raw);
  const { name } = token;
  if (name === 'ul' || name === 'ol' || name === 'dl') return writeList(w, token, name === 'dl' ? 'dl' : 'ul');
  if (name === 'li' || name === 'dd' || name === 'dt') return writeItem(w, token, name);
  if (name === 'a') return token.kind === 'open' ? openLink(w, token.raw) : closeLink(w);
  if (name === 'b' || name === 'strong') return void w.parts.push("'''");
  if (name === 'br' || name === 'hr') return void w.parts.push(' ');
  if (name === 'sup' || name === 'sub') return void w.parts.push(token.kind === 'open' ? `<${name}>` : `</${name}>`);
  if (BLOCKS.has(name)) return writeBlock(w, token);
}

/** Ends the line that is being written. */
export function endLine(w: Writer): void {
  closeLink(w);
  const content = w.parts.join('').trim();
  if (content !== '') w.lines.push(w.marks + safeStart(content, w.marks));
  w.marks = '';
  w.parts = [];
}

/** A line's content must not look like a list mark or a heading that HTML does not say it is. */
function safeStart(content: string, marks: string): string {
  const c = content.charAt(0);
  const needs = '*#:;'.includes(c) || (marks === '' && (c === '=' || c === ' '));
  return needs ? `&#${content.charCodeAt(0)};${content.slice(1)}` : content;
}

/** Characters that mean something in wikitext and nothing in HTML. */
const MEANT = /[[\]{}|']/g;

function writeText(w: Writer, raw: string): void {
  const text = raw.replace(/\s+/g, ' ');
  if (text !== '') w.parts.push(text.replace(MEANT, (c) => `&#${c.charCodeAt(0)};`));
}

function writeList(w: Writer, { kind }: HtmlToken, list: 'ul' | 'dl'): void {
  endLine(w);
  if (kind === 'open') w.lists.push(list);
  else w.lists.pop();
}

function writeItem(w: Writer, { kind }: HtmlToken, name: 'li' | 'dd' | 'dt'): void {
  endLine(w);
  if (kind !== 'open') return;
  w.marks = name === 'dt' ? ';' : '*'.repeat(Math.min(MAX_DEPTH, Math.max(1, w.lists.length)));
}

function writeBlock(w: Writer, token: HtmlToken): void {
  if (w.lists.length > 0) return void w.parts.push(' ');
  endLine(w);
  if (token.kind !== 'open') return;
  const heading = /^h[2-6]$/.test(token.name) || /\brole\s{0,9}=\s{0,9}["']?heading\b/i.test(token.raw);
  if (heading) w.marks = ';';
}

function openLink(w: Writer, raw: string): void {
  closeLink(w);
  const attributes = attributesOf(raw);
  const href = decodeEntities(attributes.get('href') ?? '').trim();
  const note = /#(cite_note[^#]*)$/.exec(href)?.[1];
  if (note !== undefined) w.link = { before: reference(w, note), after: '', at: w.parts.length };
  else {
    const [before, after] = linkMarks(href);
    w.link = { before, after, at: w.parts.length };
  }
}

function reference(w: Writer, id: string): string {
  return `<ref name="${id.replaceAll('"', '')}">${w.notes.get(id) ?? ''}</ref>`;
}

const OWN = /^(?:https?:)?(?:\/\/en\.wikipedia\.org)?\/wiki\/|^\.\//;
const REDLINK = /^(?:(?:https?:)?\/\/en\.wikipedia\.org)?\/w\/index\.php\?title=([^&#]+)/;
const NEWS = /^(?:https?:)?\/\/en\.wikinews\.org\/wiki\//;

/** What stands before and after a link's label in wikitext. */
function linkMarks(href: string): [string, string] {
  const red = REDLINK.exec(href)?.[1];
  if (red !== undefined) return [`[[${pageName(red)}|`, ']]'];
  if (OWN.test(href)) return [`[[${pageName(href.replace(OWN, ''))}|`, ']]'];
  if (NEWS.test(href)) return [`[[n:${pageName(href.replace(NEWS, ''))}|`, ']]'];
  if (/^(?:https?:|ftp:)?\/\//i.test(href)) return [`[${href.replace(/[\s[\]<>"]/g, encodeURIComponent)} `, ']'];
  return ['', ''];
}

function pageName(path: string): string {
  const name = decodePath(path)
    .replaceAll('_', ' ')
    .replace(/[[\]{}|<>\n]/g, ' ')
    .trim();
  return /^(?:category|file|image)\s?:/i.test(name) ? `:${name}` : name;
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The number that a browser shows for a link without a label: `[1]`. */
const AUTOMATIC = /^\s*&#91;\d+&#93;\s*$/;

function closeLink(w: Writer): void {
  if (!w.link) return;
  const { before, after, at } = w.link;
  w.link = undefined;
  const shown = w.parts.splice(at).join('').replaceAll("'''", '');
  const label = AUTOMATIC.test(shown) ? '' : shown;
  if (before.startsWith('<ref')) w.parts.push(before);
  else if (label.trim() !== '' || !before.startsWith('[[')) w.parts.push(before, label, after);
}

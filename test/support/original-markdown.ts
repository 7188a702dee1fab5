/** A link of a line: `[text](to)`. */
export interface ReadLink {
  text: string;
  to: string;
}

/** What a reader of the original's Markdown takes from an event page. Everything else it passes over. */
export interface ReadEvent {
  day: ReadLink;
  topics: string[];
  sentence: string;
  description: string;
  /** Cover images stand under the source whose number they repeat. */
  sources: { number: number; label: string; url?: string; coverImage?: string }[];
  changes: { text: string; to?: string; note: string }[];
  related: { text: string; to: string; context: string[] }[];
}

/** What it takes from a day index: the day, the items in order, the link to the day before. */
export interface ReadDay {
  day: ReadLink;
  items: { text: string; to: string; topics: string[]; description: string; context: string[] }[];
  previous?: string;
}

const SECTIONS = { 'Source:': 'sources', 'Sources:': 'sources', 'Changes:': 'changes', 'Related:': 'related' } as const;

/** Reads an event page line by line, as the original's grammar has them. Throws where a kind of line is out of its order. */
export function readEventPage(markdown: string): ReadEvent {
  const event: ReadEvent = {
    day: { text: '', to: '' },
    topics: [],
    sentence: '',
    description: '',
    sources: [],
    changes: [],
    related: [],
  };
  let section: Section = 'head';
  for (const line of markdown.split('\n')) {
    if (line === '---') section = 'other';
    else if (line.startsWith('### ')) section = openSection(event, line.slice(4), section);
    else if (line.startsWith('##### ')) event.topics.push(unescaped(line.slice(6)));
    else if (line.startsWith('# ')) {
      if (section !== 'head' || !event.day.to) throw new Error('the sentence comes after the day and before all else');
      event.sentence = unescaped(line.slice(2)).trim();
      section = 'body';
    } else if (section === 'body' && line.trim() !== '' && !line.startsWith('#')) {
      event.description = unescaped(line);
    } else if (section !== 'head' && section !== 'body' && section !== 'other') {
      readItem(event, section, line);
    }
  }
  return event;
}

/** Reads a day index. */
export function readDayPage(markdown: string): ReadDay {
  const day: ReadDay = { day: { text: '', to: '' }, items: [] };
  let topics: string[] = [];
  for (const line of markdown.split('\n')) {
    const item = day.items.at(-1);
    if (line === '---') break;
    if (line.startsWith('## [Previous Day')) day.previous = readLink(line.slice(3))?.to ?? '';
    else if (line.startsWith('## ')) day.day = mustLink(line.slice(3));
    else if (line.startsWith('##### ')) topics.push(unescaped(line.slice(6)));
    else if (line.startsWith('### ')) {
      const { text, to } = mustLink(line.slice(4));
      day.items.push({ text: text.trim(), to, topics, description: '', context: [] });
      topics = [];
    } else if (item && line.startsWith('_Context: ')) item.context = contextOf(line);
    else if (item && line.trim() !== '' && !line.startsWith('#')) item.description = unescaped(line);
  }
  return day;
}

const ORDER = ['head', 'body', 'sources', 'changes', 'related', 'other'];

type Section = 'head' | 'body' | 'other' | (typeof SECTIONS)[keyof typeof SECTIONS];

function openSection(event: ReadEvent, title: string, section: Section): Section {
  if (section === 'head' && title.startsWith('[')) {
    event.day = mustLink(title);
    return 'head';
  }
  const next = SECTIONS[title.trim() as keyof typeof SECTIONS] ?? 'other';
  if (ORDER.indexOf(next) <= ORDER.indexOf(section)) throw new Error(`${next} comes before ${section}`);
  return next;
}

function readItem(event: ReadEvent, section: 'sources' | 'changes' | 'related', line: string): void {
  const [, number, rest = ''] = /^(\d+)\. (.*)$/.exec(line) ?? [];
  if (number === undefined) return;
  const link = readLink(rest);
  const after = link ? rest.slice(link.length).trim() : rest;
  if (section === 'sources') {
    const last = event.sources.at(-1);
    if (link?.text === 'Cover Image' && last?.number === Number(number)) last.coverImage = link.to;
    else
      event.sources.push({
        number: Number(number),
        label: link?.text ?? unescaped(rest),
        ...(link && { url: link.to }),
      });
  } else if (section === 'changes') {
    const [, text = '', note = ''] = /^(.*?)\s?_((?:\\.|[^_\\])*)_$/.exec(link ? after : rest) ?? [];
    event.changes.push({ text: link?.text ?? unescaped(text), ...(link && { to: link.to }), note: unescaped(note) });
  } else if (link) {
    event.related.push({ text: link.text.trim(), to: link.to, context: contextOf(after) });
  }
}

function contextOf(text: string): string[] {
  const [, list] = /^_Context: (.*)_$/.exec(text.trim()) ?? [];
  if (list === undefined) throw new Error(`no context line: ${text}`);
  return (list.match(/(?:\\[^]|,(?! )|[^,\\])+/g) ?? []).map((label) => unescaped(label).trim());
}

function mustLink(text: string): ReadLink {
  const link = readLink(text);
  if (!link) throw new Error(`no link: ${text}`);
  return { text: link.text, to: link.to };
}

/** The link at the start of a line, with how many characters it takes. */
function readLink(line: string): (ReadLink & { length: number }) | undefined {
  const middle = endOf(line, 0, '[', ']');
  if (middle === undefined || line[middle + 1] !== '(') return undefined;
  const end = endOf(line, middle + 1, '(', ')');
  if (end === undefined) return undefined;
  return { text: unescaped(line.slice(1, middle)), to: unescaped(line.slice(middle + 2, end)), length: end + 1 };
}

/** Where the bracket that opens at `start` closes. */
function endOf(line: string, start: number, open: string, close: string): number | undefined {
  let depth = 0;
  for (let at = start; at < line.length; at++) {
    if (line[at] === '\\') at++;
    else if (line[at] === open) depth++;
    else if (line[at] === close && --depth === 0) return at;
    if (depth === 0) return undefined;
  }
  return undefined;
}

const unescaped = (text: string): string => text.replace(/\\([!-/:-@[-`{-~])/g, '$1');

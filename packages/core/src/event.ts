import type { Category } from './category.ts';
import type { Day } from './day.ts';

/** A link an editor made: `text.slice(start, end) === surface`. Offsets are UTF-16 units of the event's text. */
export interface Link {
  start: number;
  end: number;
  surface: string;
  /** The page title linked to: spaces, first letter upper-case, no `#section`. */
  title: string;
}

/** A header bullet above an event. `title` is empty where the header is not a link. */
export interface Topic {
  title: string;
  text: string;
}

/** How a source was written on the page. */
export type SourceForm = 'link' | 'bare' | 'reference' | 'wikinews' | 'broken';

/** A source cited for an event, as the editor wrote it. */
export interface CitedSource {
  url: string;
  /** The label as shown, without the parentheses around it; empty for a bare link. */
  label: string;
  /** The agency, where the label says `AFP via The Guardian`. */
  agency?: string;
  /** The outlet of the label: `The Guardian` of `AFP via The Guardian`, else the label itself. */
  outlet?: string;
  /** What a citation template says of the article, where one was used. */
  title?: string;
  published?: string;
  form: SourceForm;
}

/** One item of a page, before it is known which event it is. */
export interface ParsedEvent {
  /** The sentence as a reader sees it: no markup, white space folded, never empty. */
  text: string;
  /** The heading above it as written, empty where the day has none. */
  section: string;
  /** The heading's category; undefined where there is no heading or it is not one we know. */
  category?: Category;
  /** Header bullets above it and `[[Topic]]: sentence` prefixes, outermost first. */
  topics: Topic[];
  links: Link[];
  sources: CitedSource[];
  /** 0-based place on the page. */
  position: number;
}

/** Bytes of a page that became neither event, topic, section nor source, and why. */
export interface Leftover {
  text: string;
  reason: string;
}

/** A page's reading. Nothing of the page is in none of its parts. */
export interface ParsedDay {
  day: Day;
  /** Which frame the page has; `unknown` raises the layout-drift alarm. */
  wrapper: 'header' | 'content' | 'sandwich' | 'html' | 'none' | 'unknown';
  /** Headings in page order, each with its category or undefined. */
  sections: { heading: string; category?: Category }[];
  events: ParsedEvent[];
  leftovers: Leftover[];
}

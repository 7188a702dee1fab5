/** An element, or a text where `tag` is empty. Attributes and entities are read on demand: most never are. */
export interface HtmlNode {
  /** Lower-case name; empty for a text. */
  readonly tag: string;
  /** A text's characters, or an element's attributes, as they stand in the source. */
  readonly source: string;
  /** Whether `source` is text in which entities mean nothing (script, style). */
  readonly verbatim: boolean;
  readonly parent: HtmlNode | undefined;
  /** Empty and shared while it has none; complete once the page is read. */
  children: HtmlNode[];
  /** Its place among all elements, counted from 0; a text has its parent's, the root -1. */
  readonly order: number;
  /** What was read on demand, kept for the next who asks: filled by `attribute`, `textOf` and `nameWords`. */
  attributes: ReadonlyMap<string, string> | undefined;
  text: string | undefined;
  names: readonly string[] | undefined;
}

export interface HtmlDocument {
  root: HtmlNode;
  /** Every element in document order, the root excepted. */
  elements: readonly HtmlNode[];
}

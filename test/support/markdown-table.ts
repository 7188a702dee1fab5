/** The rows below the first table head of a Markdown text that has exactly these columns. Throws where there is none. */
export function tableRows(markdown: string, head: readonly string[]): string[][] {
  const lines = markdown.split('\n');
  const start = lines.findIndex((line) => cells(line).join('|') === head.join('|'));
  if (start < 0) throw new Error(`no table with the columns ${head.join(', ')}`);
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  return lines.slice(start + 2, end < 0 ? undefined : end).map(cells);
}

/** The cells of a table's line; `\|` is a bar within one. */
const cells = (line: string): string[] =>
  line.startsWith('|')
    ? line
        .trim()
        .replace(/^\||\|$/g, '')
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim().replaceAll('\\|', '|'))
    : [];

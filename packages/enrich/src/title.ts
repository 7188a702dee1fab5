/** The key under which a page title is known: spaces for underscores, no `#section`, first letter upper-case. */
export function titleKey(title: string): string {
  const bare = title
    .replace(/#.*$/s, '')
    .replace(/[_\s]+/g, ' ')
    .trim()
    .replace(/^:/, '')
    .trim();
  return bare.replace(/^./su, (letter) => letter.toUpperCase());
}

/** A URL without its password, for messages; the text itself when it is no URL. */
export function redacted(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url) return '(not a URL)';
  if (url.password) url.password = '***';
  return url.href;
}

/** A token is counted as three bytes of UTF-8: more than tokenizers make of any text but the rarest scripts. */
const BYTES_A_TOKEN = 3;

export const tokensOf = (text: string): number => Math.ceil(Buffer.byteLength(text) / BYTES_A_TOKEN);

/** Said where something had to be left out. */
const CUT = '[cut to fit max_tokens]';

/**
 * The parts that fit into `maxTokens`, one below the other: the head always
 * (cut, if it must be), then as many whole parts as there is room for; the
 * first that does not fit is cut where nothing else has been shown. Says how many were left out.
 */
export function within(maxTokens: number, head: string, parts: readonly string[]): string {
  const room = maxTokens * BYTES_A_TOKEN;
  const left = (count: number): string => `[${count} more left out to fit max_tokens]`;
  const spare = Buffer.byteLength(left(parts.length)) + 2;
  let text = cutTo(head, room - spare);
  for (const [at, part] of parts.entries()) {
    const isLast = at === parts.length - 1;
    const free = room - Buffer.byteLength(text) - (isLast ? 1 : spare);
    if (Buffer.byteLength(part) <= free) {
      text += `\n${part}`;
      continue;
    }
    const shown = at === 0 ? cutTo(part, free) : '';
    return [text, shown, left(parts.length - at - (shown ? 1 : 0))]
      .filter((one) => one !== '' && !one.startsWith('[0 '))
      .join('\n');
  }
  return text;
}

/** At most so many bytes of a text, whole characters, with a word on it where it was cut. */
function cutTo(text: string, bytes: number): string {
  const encoded = Buffer.from(text);
  if (encoded.length <= bytes) return text;
  const kept = bytes - CUT.length - 2;
  if (kept < 20) return '';
  return `${encoded
    .subarray(0, kept)
    .toString('utf8')
    .replace(/\uFFFD+$/u, '')} ${CUT}`;
}

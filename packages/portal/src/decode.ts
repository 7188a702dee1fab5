export type PageEncoding = 'utf-8' | 'windows-1252';

/** What Windows-1252 shows for the bytes 0x80–0x9F; the five it leaves open stand for themselves. Source: WHATWG Encoding, index windows-1252. */
const HIGH_CONTROLS = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ';

const CHUNK = 8192;

/**
 * A page's text from its bytes: UTF-8 where they are valid UTF-8, else one
 * byte a character. A byte-order mark is taken off. Never throws, never loses
 * a letter.
 */
export function decodePage(bytes: Uint8Array): string {
  return decodePageAs(bytes).text;
}

/** As `decodePage`, and says which encoding the bytes were read in. */
export function decodePageAs(bytes: Uint8Array): { text: string; encoding: PageEncoding } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'utf-8' };
  } catch {
    return { text: decodeSingleBytes(bytes), encoding: 'windows-1252' };
  }
}

/** Own table rather than `TextDecoder('windows-1252')`, which some Node releases decode as Latin-1. */
function decodeSingleBytes(bytes: Uint8Array): string {
  const chunks: string[] = [];
  for (let start = 0; start < bytes.length; start += CHUNK) {
    chunks.push(String.fromCharCode(...bytes.subarray(start, start + CHUNK)));
  }
  return chunks
    .join('')
    .replace(/[\u0080-\u009F]/g, (control) => HIGH_CONTROLS[control.charCodeAt(0) - 0x80] ?? control);
}

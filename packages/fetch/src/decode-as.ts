/** What windows-1252 has in place of the control characters 0x80 to 0x9f; the five gaps stay as they are (WHATWG Encoding). */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/**
 * Decodes bytes in a charset given by its WHATWG name, U+FFFD for what is not
 * in it. Node takes windows-1252 for Latin-1 (20.20 and others do), so that
 * one is done here: it is what most pages without UTF-8 are in.
 */
export function decodeAs(charset: string, bytes: Uint8Array): string {
  if (charset !== 'windows-1252') return new TextDecoder(charset).decode(bytes);
  const latin1 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  return latin1.replace(/[\x80-\x9f]/g, (control) => WINDOWS_1252[control.charCodeAt(0) - 0x80] ?? control);
}

const DECLARED = /^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']/i;

/** A document's text: by its byte order mark, else its XML declaration, else the server's word, else UTF-8. */
export function decodeFeed(body: Uint8Array, charset?: string): string {
  const mark = MARKS.find(({ bytes }) => bytes.every((byte, at) => body[at] === byte));
  const head = Buffer.from(body.subarray(0, 300)).toString('latin1');
  const named = mark?.charset ?? DECLARED.exec(head)?.[1] ?? charset ?? 'utf-8';
  return decoder(named).decode(body);
}

const MARKS = [
  { charset: 'utf-8', bytes: [0xef, 0xbb, 0xbf] },
  { charset: 'utf-16le', bytes: [0xff, 0xfe] },
  { charset: 'utf-16be', bytes: [0xfe, 0xff] },
];

function decoder(charset: string): { decode: (body: Uint8Array) => string } {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder(); // a charset that nobody knows
  }
}

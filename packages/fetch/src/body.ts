import type { IncomingMessage } from 'node:http';

/** Reads at most `maxBytes` of an answer; beyond that the connection is cut and `over` is true. Rejects as the stream does. */
export function readBody(stream: IncomingMessage, maxBytes: number): Promise<{ bytes: Uint8Array; over: boolean }> {
  return new Promise((done, fail) => {
    const chunks: Buffer[] = [];
    let length = 0;
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length <= maxBytes) return;
      done({ bytes: Buffer.concat(chunks, length).subarray(0, maxBytes), over: true });
      stream.destroy();
    });
    stream.once('end', () =>
      done({ bytes: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, length), over: false }),
    );
    stream.once('error', fail);
    stream.once('close', () => fail(Object.assign(new Error('the answer broke off'), { code: 'ECONNRESET' })));
  });
}

/** An answer longer than this is not read to its end for the sake of keeping its connection. */
const WORTH_READING = { bytes: 128 * 1024, ms: 1_000 };

/** Reads a body that nobody needs, so that the connection can be used again; gives up where that would cost more than a new one. */
export async function discardBody(stream: IncomingMessage): Promise<void> {
  stream.on('error', () => {}); // its ending is of no interest
  if (Number(stream.headers['content-length'] ?? 0) > WORTH_READING.bytes) {
    stream.destroy();
    return;
  }
  const giveUp = setTimeout(() => stream.destroy(), WORTH_READING.ms);
  await readBody(stream, WORTH_READING.bytes).catch(() => undefined);
  clearTimeout(giveUp);
}

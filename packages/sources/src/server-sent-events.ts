import type { Readable } from 'node:stream';

export interface ServerSentEvent {
  /** Empty where the event has none. */
  id: string;
  data: string;
}

/** A line or an event longer than this breaks the connection. */
const MAX_LENGTH = 4 * 1024 * 1024;

/**
 * The events of a `text/event-stream` (HTML Living Standard, 9.2.6). Ends with
 * the stream; rejects when nothing comes for `idleMs` or an event never ends.
 */
export async function* readServerSentEvents(
  stream: Readable,
  { idleMs }: { idleMs: number },
): AsyncGenerator<ServerSentEvent> {
  let [id, data, length] = ['', [] as string[], 0];
  for await (const line of lines(stream, idleMs)) {
    if (line === '') {
      if (data.length > 0) yield { id, data: data.join('\n') };
      [data, length] = [[], 0];
      continue;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'id' && !value.includes('\0')) id = value;
    else if (field === 'data') {
      data.push(value);
      length += value.length;
      if (length > MAX_LENGTH) throw new Error('an event of the stream never ends');
    }
  }
}

async function* lines(stream: Readable, idleMs: number): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let parts: string[] = [];
  let length = 0;
  for await (const chunk of withinIdleTime(stream, idleMs)) {
    const pieces = decoder.decode(chunk, { stream: true }).split(/\r?\n/);
    for (const [index, piece] of pieces.entries()) {
      parts.push(piece);
      length += piece.length;
      if (length > MAX_LENGTH) throw new Error('a line of the stream never ends');
      if (index === pieces.length - 1) break;
      yield parts.join('').replace(/\r$/, '');
      [parts, length] = [[], 0];
    }
  }
}

/** Chunks as they come; the stream is broken off when none comes for `idleMs`. */
async function* withinIdleTime(stream: Readable, idleMs: number): AsyncGenerator<Buffer> {
  const giveUp = (): void => void stream.destroy(new Error(`nothing came for ${idleMs / 1_000} s`));
  let timer = setTimeout(giveUp, idleMs);
  try {
    for await (const chunk of stream) {
      clearTimeout(timer);
      timer = setTimeout(giveUp, idleMs);
      yield chunk as Buffer;
    }
  } finally {
    clearTimeout(timer);
    stream.destroy();
  }
}

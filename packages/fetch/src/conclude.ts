import { discardBody, readBody } from './body.ts';
import { decompress } from './content-coding.ts';
import { failureIn } from './failure.ts';
import type { Fetched, Ok, RefusedReason, UnreachableReason } from './fetched.ts';
import type { Trail } from './follow.ts';
import type { Call } from './get.ts';
import type { Answer } from './hop.ts';
import { isVague, parseContentType, settledType } from './media-type.ts';
import { retryAfterMs } from './retry-after.ts';

type Answered = Trail & Pick<Ok, 'status' | 'headers'>;

/** Turns the last answer of a chain into its ending; reads the body where it is wanted. */
export async function conclude(answer: Answer, trail: Trail, call: Call, signal: AbortSignal): Promise<Fetched> {
  const { status, stream } = answer;
  const answered: Answered = { ...trail, status, headers: flat(stream.headers) };
  if (status >= 200 && status < 300) return concludeOk(answer, answered, call, signal);
  await discardBody(stream);
  const revalidated = status === 304 && (call.etag ?? call.lastModified) !== undefined;
  return revalidated ? { kind: 'not-modified', ...answered } : concludeStatus(answered);
}

/** What a status other than 2xx means (RFC 9110, 15). */
function concludeStatus(answered: Answered): Fetched {
  const { status, headers } = answered;
  const reason = `status ${status}`;
  if (status === 404 || status === 410 || status === 451) return { kind: 'gone', ...answered, reason };

  const wait = retryAfterMs(headers['retry-after'], Date.now(), headers.date);
  const judged = { ...answered, ...(wait !== undefined && { retryAfterMs: wait }) };
  const unreachable = (why: UnreachableReason): Fetched => ({
    kind: 'unreachable',
    ...judged,
    reason: why,
    detail: reason,
  });
  if (headers['cf-mitigated'] === 'challenge') return { kind: 'blocked', ...judged, reason: 'bot wall' };
  if (status < 400) return unreachable('protocol');
  if (status === 408 || status === 425 || (status >= 500 && status < 600)) return unreachable('server-error');
  return { kind: 'blocked', ...judged, reason };
}

async function concludeOk({ stream }: Answer, answered: Answered, call: Call, signal: AbortSignal): Promise<Fetched> {
  const refuse = (reason: RefusedReason, detail: string): Fetched => {
    stream.on('error', () => {}).destroy();
    return { kind: 'refused', ...answered, reason, detail };
  };
  const early = refusedByHeaders(answered.headers, call);
  if (early) return refuse(early.reason, early.detail);

  const read = await readBody(stream, call.maxBytes).catch((error: unknown) => failureIn(error, signal));
  if ('kind' in read)
    return { ...answered, ...read, ...(read.reason === 'reset' && { reason: 'truncated' }) } as Fetched;
  const cut = call.overflow === 'cut';
  if (read.over && !cut) return refuse('size', `more than ${call.maxBytes} bytes`);

  const unpacked = await decompress(read.bytes, answered.headers['content-encoding'], { maxBytes: call.maxBytes, cut });
  if (!('problem' in unpacked)) {
    const ok: Ok = {
      kind: 'ok',
      ...answered,
      ...typed(unpacked.body, answered.headers),
      ...((read.over || unpacked.cut) && { cut: true }),
    };
    return isWanted(ok.contentType, call) || ok.body.length === 0 ? ok : refuse('type', ok.contentType || 'unknown');
  }
  if (unpacked.problem !== 'corrupt') return refuse(unpacked.problem, unpacked.detail);
  return { kind: 'unreachable', ...answered, reason: 'truncated', detail: unpacked.detail };
}

const isWanted = (type: string, { accept }: Call): boolean => !accept || accept.includes(type);

/** What the headers alone are enough to refuse. */
function refusedByHeaders(headers: Ok['headers'], call: Call): { reason: RefusedReason; detail: string } | undefined {
  const { type } = parseContentType(headers['content-type']);
  if (!isWanted(type, call) && !isVague(type)) return { reason: 'type', detail: type };
  const length = Number(headers['content-length'] ?? 0);
  if (length <= call.maxBytes || call.overflow === 'cut') return undefined;
  return { reason: 'size', detail: `${length} bytes announced, the limit is ${call.maxBytes}` };
}

function typed(body: Uint8Array, headers: Ok['headers']): Pick<Ok, 'body' | 'contentType' | 'charset'> {
  const { type, charset } = parseContentType(headers['content-type']);
  return { body, contentType: settledType(type, body), ...(charset !== undefined && { charset }) };
}

function flat(headers: Answer['stream']['headers']): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

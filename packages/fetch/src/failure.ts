import type { RefusedReason, UnreachableReason } from './fetched.ts';
import { FORBIDDEN } from './guard.ts';

/** What a network error means: a verdict's kind, reason, and words for people. */
export type Failure =
  | { kind: 'unreachable'; reason: UnreachableReason; detail: string }
  | { kind: 'refused'; reason: RefusedReason; detail: string };

const REASONS: readonly (readonly [codes: RegExp, reason: UnreachableReason])[] = [
  [/^(?:ENOTFOUND|ENODATA|ESERVFAIL|ENONAME|EREFUSED|ETIMEOUT|EBADNAME|EBADRESP|ECANCELLED|EAI_.*)$/, 'dns'],
  [/^(?:ETIMEDOUT|ESOCKETTIMEDOUT|ECONNABORTED)$/, 'timeout'],
  [/^ECONNREFUSED$/, 'refused-connection'],
  [/^(?:ENETUNREACH|EHOSTUNREACH|ENETDOWN|EHOSTDOWN|EADDRNOTAVAIL|EACCES|EPERM|EINVAL)$/, 'no-route'],
  [/^(?:ECONNRESET|EPIPE|ERR_STREAM_PREMATURE_CLOSE)$/, 'reset'],
  [/CERT|SSL|TLS|^EPROTO$|SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET)|^HOSTNAME_MISMATCH$/, 'tls'],
];

/** Trouble of our own machine or making: to be thrown, and tried again. */
const OURS = /^(?:EMFILE|ENFILE|ENOMEM|ENOBUFS|ERR_INVALID_ARG.*|ERR_INVALID_URL|ERR_OUT_OF_RANGE|ERR_BAD_OPTION.*)$/;

/**
 * A network error as an ending without its trail. Before the end of a fetch its
 * signal fires at the deadline only. Throws an error that is no network's.
 */
export function failureIn(error: unknown, signal: AbortSignal): Failure {
  if (signal.aborted)
    return { kind: 'unreachable', reason: 'timeout', detail: 'no complete answer before the deadline' };
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === FORBIDDEN) return { kind: 'refused', reason: 'guard', detail: message };
  if (typeof code !== 'string' || OURS.test(code)) throw error;
  const reason = REASONS.find(([codes]) => codes.test(code))?.[1] ?? 'protocol';
  return { kind: 'unreachable', reason, detail: `${code}: ${message}`.slice(0, 300) };
}

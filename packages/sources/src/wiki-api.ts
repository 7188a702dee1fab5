import { setTimeout as sleep } from 'node:timers/promises';
import { retryAfterMs } from '@throughline/fetch';
import axios, { type AxiosResponse } from 'axios';
import { createPace, type Pace, type PaceLimits } from './pace.ts';

/** Wikimedia's allowance for a client that says who it is. Source: its rate limits of 2026 (200 a minute, at most 3 at once). */
const IDENTIFIED: PaceLimits = { perMinute: 200, atOnce: 3 };

export interface WikiApiOptions {
  /** The wiki's `api.php`. */
  endpoint: string;
  userAgent: string;
  pace?: PaceLimits;
  /** For one request, from asking to the last byte. */
  deadlineMs?: number;
  maxBytes?: number;
  /** How often a call is tried before it fails. */
  attempts?: number;
  /** The first wait before trying again; it doubles. A server's Retry-After goes before it. */
  backoffMs?: number;
}

/** Why a call of the API failed. */
export class WikiApiError extends Error {
  /** The API's own code, as `ratelimited`; or `http-403`, `size`, `timeout`, `network`, `malformed`. */
  readonly code: string;
  /** Whether asking again later may help. */
  readonly passing: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(
    code: string,
    message: string,
    options: { passing: boolean; retryAfterMs?: number | undefined; cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.name = 'WikiApiError';
    this.code = code;
    this.passing = options.passing;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** A call of the API: its answer, which is an object without `error`. Rejects with `WikiApiError`, or when `signal` aborts. */
export type WikiApi = (parameters: Record<string, string>, signal: AbortSignal) => Promise<Record<string, unknown>>;

/** No wait is longer, whatever a server asks for: the call fails instead and the day is due again later. */
const LONGEST_WAIT_MS = 5 * 60_000;

/** Calls the Action API within its limits, politely again where it says to come back later. */
export function createWikiApi(options: WikiApiOptions): WikiApi {
  const { attempts = 5, backoffMs = 1_000 } = options;
  const pace = createPace(options.pace ?? IDENTIFIED);
  return async (parameters, signal) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await pace.run(() => ask(options, parameters, signal), signal);
      } catch (error) {
        signal.throwIfAborted();
        const wait = waitBefore(error, attempt, { attempts, backoffMs });
        if (wait === undefined) throw error;
        await hold(pace, error, wait, signal);
      }
    }
  };
}

/** How long to wait before trying again; undefined where it would be of no use. */
function waitBefore(
  error: unknown,
  attempt: number,
  limits: { attempts: number; backoffMs: number },
): number | undefined {
  if (!(error instanceof WikiApiError) || !error.passing || attempt >= limits.attempts) return undefined;
  const backoff = limits.backoffMs * 2 ** (attempt - 1) * (1 + Math.random() / 4);
  const wait = Math.max(backoff, error.retryAfterMs ?? 0);
  return wait <= LONGEST_WAIT_MS ? wait : undefined;
}

/** A server that says it has had enough is left alone by everyone here; other trouble concerns this call only. */
async function hold(pace: Pace, error: unknown, waitMs: number, signal: AbortSignal): Promise<void> {
  const asked = error instanceof WikiApiError && (error.retryAfterMs !== undefined || error.code === 'ratelimited');
  if (asked) pace.pause(waitMs);
  else await sleep(waitMs, undefined, { signal });
}

async function ask(
  { endpoint, userAgent, deadlineMs = 60_000, maxBytes = 64 * 1024 * 1024 }: WikiApiOptions,
  parameters: Record<string, string>,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  const deadline = AbortSignal.timeout(deadlineMs);
  const response = await axios
    .get<Uint8Array>(endpoint, {
      params: { ...parameters, format: 'json', formatversion: '2', maxlag: '5' },
      headers: { 'User-Agent': userAgent, Accept: 'application/json' },
      responseType: 'arraybuffer',
      signal: AbortSignal.any([signal, deadline]),
      maxContentLength: maxBytes,
      maxRedirects: 3,
      validateStatus: () => true,
    })
    .catch((error: unknown) => {
      signal.throwIfAborted();
      throw deadline.aborted ? timedOut(deadlineMs, error) : unanswered(error, maxBytes);
    });
  return readAnswer(response);
}

const timedOut = (deadlineMs: number, cause: unknown): WikiApiError =>
  new WikiApiError('timeout', `the wiki's answer did not end within ${deadlineMs / 1_000} s`, { passing: true, cause });

function unanswered(cause: unknown, maxBytes: number): WikiApiError {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (/maxContentLength/.test(message)) {
    return new WikiApiError('size', `the wiki's answer is longer than ${maxBytes} bytes`, { passing: false, cause });
  }
  return new WikiApiError('network', `the wiki's answer broke off or never came: ${message}`, { passing: true, cause });
}

function readAnswer(response: AxiosResponse<Uint8Array>): Record<string, unknown> {
  const { status } = response;
  if (status !== 200) throw refused(status, later(response));
  const answer = parse(response.data);
  const { error } = answer;
  if (error === undefined) return answer;
  const { code = 'unknown', info = '' } = isRecord(error) ? error : {};
  throw apiError(String(code), String(info), later(response));
}

/** The wait that a server asks for, in seconds or as a date. */
function later({ headers }: AxiosResponse): number | undefined {
  const [value, date] = [headers['retry-after'] as unknown, headers['date'] as unknown];
  return retryAfterMs(
    typeof value === 'string' ? value : undefined,
    Date.now(),
    typeof date === 'string' ? date : undefined,
  );
}

function refused(status: number, retryAfter: number | undefined): WikiApiError {
  const why = status === 403 ? ': it does not accept our user agent; is THROUGHLINE_CONTACT a real address?' : '';
  const passing = status === 429 || status >= 500;
  return new WikiApiError(`http-${status}`, `the wiki answered ${status}${why}`, { passing, retryAfterMs: retryAfter });
}

/** Errors that pass: too fast, replicas behind, read-only for a while, a fault of the server's own. */
const PASSING = /^(?:ratelimited|maxlag|readonly|internal_api_error.*|unknown_action_timeout)$/;

const apiError = (code: string, info: string, retryAfter: number | undefined): WikiApiError =>
  new WikiApiError(code, `the wiki answered with the error ${code}: ${info}`, {
    passing: PASSING.test(code),
    retryAfterMs: retryAfter,
  });

function parse(bytes: Uint8Array): Record<string, unknown> {
  try {
    const answer: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (isRecord(answer)) return answer;
  } catch (cause) {
    throw new WikiApiError('malformed', "the wiki's answer is cut off or no JSON", { passing: true, cause });
  }
  throw new WikiApiError('malformed', "the wiki's answer is no object", { passing: true });
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

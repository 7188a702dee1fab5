import axios from 'axios';

/** How a call of a subscriber's URL ended; `failure` is for people. */
export type Posted = { ok: true } | { ok: false; failure: string };

const TIMEOUT_MS = 15_000;

/**
 * Posts `body` to a URL that the operator configured: it may be on this very
 * machine, so the address guard does not apply. Any 2xx is success; redirects
 * are not followed, as a signed message is for one address. Rejects only when
 * `signal` aborts.
 */
export async function post(
  url: string,
  { body, headers, signal }: { body: string; headers: Record<string, string>; signal: AbortSignal },
): Promise<Posted> {
  try {
    const { status } = await axios.post(url, body, {
      headers,
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      maxRedirects: 0,
      maxContentLength: 65_536,
      responseType: 'text',
      proxy: false,
      validateStatus: () => true,
    });
    return status >= 200 && status < 300 ? { ok: true } : { ok: false, failure: `status ${status}` };
  } catch (error) {
    signal.throwIfAborted();
    return { ok: false, failure: error instanceof Error ? error.message : String(error) };
  }
}

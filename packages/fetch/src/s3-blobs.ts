import { setTimeout as sleep } from 'node:timers/promises';
import axios, { type AxiosResponse } from 'axios';
import type { Blobs } from './blobs.ts';
import { signed, type S3Credentials } from './s3-signature.ts';

/** A bucket of S3, or of a server that speaks as S3 does. */
export interface S3Place {
  bucket: string;
  /** What every name begins with, without slashes around it; may be empty. */
  prefix: string;
  region: string;
  /** The server's address, whose paths begin with the bucket; Amazon's own unless given. */
  endpoint?: string | undefined;
  credentials: S3Credentials;
}

const TIMEOUT_MS = 30_000;
const TRIES = 4;
const FIRST_WAIT_MS = 200;
/** No snapshot is that large: a page has at most 6 MB, unpacked. */
const MAX_BYTES = 64 * 1024 * 1024;

export function s3Blobs(place: S3Place): Blobs {
  const base = place.endpoint
    ? `${place.endpoint.replace(/\/+$/, '')}/${place.bucket}`
    : `https://${place.bucket}.s3.${place.region}.amazonaws.com`;
  const urlOf = (name: string) => new URL([base, place.prefix, name].filter(Boolean).join('/'));
  return {
    async get(name) {
      const answer = await ask(place, 'GET', urlOf(name), Buffer.alloc(0));
      if (answer.status === 404 && codeOf(answer) !== 'NoSuchBucket') return undefined;
      return succeeded(answer);
    },
    async put(name, bytes) {
      succeeded(await ask(place, 'PUT', urlOf(name), bytes));
    },
    explain: (error) =>
      `s3://${place.bucket} at ${new URL(base).host}: ${error instanceof Error ? error.message : String(error)}`,
  };
}

/** Asks, and again where the server is busy or the network broke; each time signed anew. */
async function ask(
  { region, credentials }: S3Place,
  method: 'GET' | 'PUT',
  url: URL,
  body: Uint8Array,
): Promise<AxiosResponse<Buffer>> {
  for (let tries = 1; ; tries++) {
    const { host: _, ...headers } = signed({ method, url, headers: {}, body, at: new Date(), region, credentials });
    const answer = await axios
      .request<Buffer>({
        method,
        url: url.href,
        headers,
        ...(method === 'PUT' && { data: Buffer.from(body) }),
        responseType: 'arraybuffer',
        maxRedirects: 0,
        maxContentLength: MAX_BYTES,
        maxBodyLength: MAX_BYTES,
        decompress: false,
        signal: AbortSignal.timeout(TIMEOUT_MS),
        validateStatus: () => true,
      })
      .catch((error: unknown) => error as Error);
    const isPassing = answer instanceof Error || answer.status >= 500 || answer.status === 429;
    if (!isPassing) return answer;
    if (tries === TRIES) {
      if (answer instanceof Error) throw answer;
      return answer;
    }
    await sleep(FIRST_WAIT_MS * 2 ** (tries - 1) * (0.5 + Math.random()));
  }
}

function succeeded(answer: AxiosResponse<Buffer>): Buffer {
  if (answer.status >= 200 && answer.status < 300) return answer.data;
  throw new Error(`it answers ${answer.status}${codeOf(answer) ? ` ${codeOf(answer)}` : ''}`);
}

/** The code of an error's XML, as `AccessDenied`. */
const codeOf = ({ data }: AxiosResponse<Buffer>): string | undefined =>
  /<Code>(\w{1,100})<\/Code>/.exec(Buffer.from(data).toString('utf8', 0, 4_096))?.[1];

import { formatOf, parsePath, type Extension, type Problem, type Site } from '@throughline/publish';
import type { Context } from 'hono';
import { answer } from './answer.ts';
import { preferredFormat } from './negotiate.ts';

/** The format a client would rather read: its path's extension, else what it accepts. */
export function formatFor(c: Context): Extension {
  const extension = /\.(html|md|json|xml)$/.exec(pathnameOf(c))?.[1] as Extension | undefined;
  return extension ?? preferredFormat(c.req.header('Accept'));
}

/** The path as the client sent it, still percent-encoded. */
export const pathnameOf = (c: Context): string => new URL(c.req.url).pathname;

/** Answers with a problem (RFC 9457) in the client's format. */
export function problemAnswer(
  c: Context,
  site: Site,
  problem: Problem,
  headers: Record<string, string> = {},
): Promise<Response> {
  const writer = formatOf(formatFor(c)).problem;
  const cache = problem.status === 404 ? 'public, max-age=30' : 'no-store';
  return answer(c, {
    status: problem.status,
    mediaType: writer.mediaType,
    body: writer.render(problem, site),
    cache,
    headers: { Vary: 'Accept', ...headers },
  });
}

const MAX_PATH_LENGTH = 4_096;

/** What is wrong with a path as such, whatever is in the database. */
export function pathProblem(pathname: string): Problem | undefined {
  if (pathname.length > MAX_PATH_LENGTH) {
    return {
      status: 414,
      title: 'Address too long',
      detail: `An address here has at most ${MAX_PATH_LENGTH} characters.`,
    };
  }
  if (!isDecodable(pathname)) {
    return {
      status: 400,
      title: 'Malformed address',
      detail:
        'The address has a percent sign that is not followed by two digits of a UTF-8 text, or a control character.',
    };
  }
  if (/^\/news\/\d+\/\d+\/\d+(\/[^/]*)?$/.test(pathname) && !parsePath(pathname)) {
    return {
      status: 400,
      title: 'No such day',
      detail: 'Days are written /news/YYYY/MM/D/, as /news/2017/01/30/, and have to be in the calendar.',
    };
  }
  return undefined;
}

export function isDecodable(pathname: string): boolean {
  try {
    return !/\p{Cc}/u.test(decodeURIComponent(pathname));
  } catch {
    return false;
  }
}

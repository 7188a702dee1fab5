/** What a client is told instead of an answer (RFC 9457). Thrown by operations. */
export class ApiProblem extends Error {
  /** HTTP status. */
  readonly status: number;
  readonly title: string;
  /** Which parameters are wrong, and why. */
  readonly errors: readonly { parameter: string; message: string }[];
  /** Members beside those of RFC 9457. */
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    title: string,
    detail: string,
    {
      errors = [],
      facts = {},
    }: { errors?: readonly { parameter: string; message: string }[]; facts?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(detail);
    this.status = status;
    this.title = title;
    this.errors = errors;
    this.facts = facts;
  }
}

export const missing = (what: string, id: string | number): ApiProblem =>
  new ApiProblem(404, `No such ${what}`, `No public ${what} has the id ${JSON.stringify(id)}.`);

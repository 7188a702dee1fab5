/** What a client is told instead of a page (RFC 9457). */
export interface Problem {
  /** HTTP status. */
  status: number;
  title: string;
  detail: string;
}

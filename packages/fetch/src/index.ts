export { budgetOf, leastTimeMs, type Budget } from './budget.ts';
export { decodeHtml } from './charset.ts';
export * from './fetched.ts';
export {
  createFetcher,
  DEFAULT_LIMITS,
  type Fetcher,
  type FetcherOptions,
  type FetchLimits,
  type GetOptions,
  type Passable,
} from './get.ts';
export { createGuard, type Guard, type GuardOptions } from './guard.ts';
export type { Replay } from './hop.ts';
export { isHostDown, nextTryAt, paceOf, turnAfter, type HostTurn } from './host-turn.ts';
export {
  copyAt,
  createCopyFinder,
  nearestCopy,
  type ArchiveAnswer,
  type ArchivedCopy,
  type CopyFinder,
} from './memento.ts';
export { keptPage } from './kept-page.ts';
export { PAGE_TYPES } from './media-type.ts';
export { post, type Posted } from './post.ts';
export type { Lookup } from './resolve.ts';
export { retryAfterMs } from './retry-after.ts';
export * from './robots.ts';
export { s3Blobs, type S3Place } from './s3-blobs.ts';
export { snapshotStore, type Kept, type SnapshotStore } from './snapshot.ts';
export { readWarc, writeWarc } from './warc-file.ts';
export type { Capture } from './warc.ts';

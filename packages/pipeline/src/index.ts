export { indexed, openArchive, type Archive } from './archive.ts';
export { asOf } from './as-of.ts';
export { batches } from './batches.ts';
export type { Context } from './context.ts';
export {
  beginAnew,
  enrichBehind,
  relateEvents,
  tagBehind,
  type EnrichPass,
  type EnrichProgress,
} from './enrichment.ts';
export { FEWEST_TO_LIST } from './find-copies.ts';
export { healthFacts, type Operation } from './health-facts.ts';
export { joinEntities, lookUpEntities, typeEntities } from './identity.ts';
export { ingest, layoutDrift, readUrl, type SourcePage } from './ingest.ts';
export * from './jobs.ts';
export { lookAtFeed, type FeedLook } from './look-at-feed.ts';
export { importCapture, rereadArticle, type ImportedCapture, type Reread } from './kept-captures.ts';
export { openPageReader } from './page-reader.ts';
export { stages } from './pipeline.ts';
export { openSchool, tagInOrder, type Lesson, type School } from './school.ts';
export { tagEvents } from './tagging.ts';
export { relatedToPage } from './related-to-page.ts';
export { relatedToText } from './related-to-text.ts';
export { askedFor, scheduledJobs, schedules } from './schedules.ts';
export { capture } from './stages/capture.ts';
export { deliver, signature } from './stages/deliver.ts';
export { discover, readPages } from './stages/discover.ts';
export { enrich } from './stages/enrich.ts';
export { identify } from './stages/identify.ts';
export { submit } from './stages/submit.ts';
export { sweep, sweepsOn } from './stages/sweep.ts';
export { thread } from './stages/thread.ts';
export { subscribe, type Subscribed } from './subscribing.ts';
export { eventOfArticle, joinReported, SUBMITTED } from './submitted.ts';
export { threadBehind, threadSpan, type Threaded, type ThreadProgress } from './threading.ts';

export { TITLES_A_CALL, wikiConcepts, type Concepts, type ConceptsOptions } from './concepts.ts';
export { portalEdits, type EventStreamOptions, type PortalEdit } from './event-stream.ts';
export { findFeeds } from './feed/find-feeds.ts';
export { readFeed, type FeedItem, type ReadFeed } from './feed/read-feed.ts';
export { fileSource } from './files.ts';
export { dueDays, goodForMs } from './polling.ts';
export { planBackfill, portalSource, type PortalOptions } from './portal.ts';
export type { Source, SourceRead } from './source.ts';
export { wikimediaUserAgent } from './user-agent.ts';

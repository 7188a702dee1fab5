export { alarmStore, type Alarm, type AlarmNews, type AlarmStore } from './alarms.ts';
export {
  articleStore,
  type ArticleStore,
  type CitedUrl,
  type DueArticle,
  type KnownArticle,
  type MissingArticle,
  type SubmittedArticle,
} from './articles.ts';
export { auditStore, type AuditEntry, type AuditStore } from './audit.ts';
export {
  catalogueStore,
  type CatalogueStore,
  type Filing,
  type ListedEvent,
  type ListedSource,
  type NamedPlace,
  type Slice,
} from './catalogue.ts';
export type { EventConditions } from './event-conditions.ts';
export type { Capture, CopyFinding, Reading, Spelling } from './captures.ts';
export { appendChanges, changeStore, type Change, type ChangeStore, type NewChange } from './changes.ts';
export { controlStore, type ControlStore, type ScheduleRow } from './controls.ts';
export {
  checkServer,
  migrate,
  openDatabase,
  type Database,
  type DatabaseOptions,
  type DatabaseTransaction,
} from './database.ts';
export { collectionStore, type CollectionStore, type ListedCollection } from './collections.ts';
export { cursorStore, type CursorStore } from './cursors.ts';
export { entityStore, type EntityStore, type EntityUse, type OtherName } from './entity-identity.ts';
export { allRecords, eventRecord, type UrlReader } from './event-records.ts';
export { eventStore, type EventStore, type NewTags, type StoredEvent, type TaggedChange } from './events.ts';
export { failureStore, type Failure, type FailureFilter, type FailureGroup, type FailureStore } from './failures.ts';
export { feedStore, type Feed, type FeedEntry, type FeedReading, type FeedStore } from './feeds.ts';
export { healthStore, type HealthStore, type StageBacklog, type StoredHealth } from './health.ts';
export { hostStore, type HostState, type HostStore, type Reach } from './hosts.ts';
export {
  operationStore,
  type ArticleTrouble,
  type DayProgress,
  type EventProgress,
  type EventStep,
  type FieldRule,
  type UnfoundField,
  type TroubleFilter,
  type HostArticles,
  type HostPage,
  type HostRow,
  type OperationStore,
} from './operation.ts';
export { joinStore, type JoinStore } from './joins.ts';
export {
  pageStore,
  type Decisions,
  type KeptRevision,
  type KnownPage,
  type PageReading,
  type PageStore,
  type Revised,
} from './pages.ts';
export { relationStore, type RelationList, type RelationStore } from './relations.ts';
export { runStore, type Run, type RunProgress, type RunStore, type RunWish } from './runs.ts';
export type { JobInHand, Schema } from './schema.ts';
export { withScratchDatabase } from './scratch.ts';
export { searchStore, type SearchStore } from './search.ts';
export { siteStore, type EventPlace, type SiteStore } from './site.ts';
export { snapshotIndex, type SnapshotIndex, type SnapshotRow, type Span } from './snapshots.ts';
export { storyStore, type StoryRevision, type StoryStore, type ThreadedEvent } from './stories.ts';
export {
  subscriptionStore,
  type DeadLetter,
  type ListedSubscription,
  type Subscription,
  type SubscriptionStore,
} from './subscriptions.ts';
export {
  BUCKETS_MS,
  quantileOf,
  ROLLUP_MS,
  throughputStore,
  type JobCount,
  type Rollup,
  type ThroughputStore,
} from './throughput.ts';
export { workerStore, type WorkerRow, type WorkerStore } from './workers.ts';

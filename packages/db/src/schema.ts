import type {
  ArticleId,
  ArticleImage,
  CaptureState,
  Category,
  ChangedNoun,
  ChangeKind,
  Day,
  EntityId,
  EntityType,
  EventId,
  EventRecord,
  Evidence,
  ExtractedArticle,
  Leftover,
  Link,
  MentionOrigin,
  ParsedDay,
  ParsedEvent,
  SourceForm,
  StoryId,
  Rival,
} from '@throughline/core';
import type { ColumnType, Generated, GeneratedAlways, JSONColumnType } from 'kysely';

/** Every table on one page. Camel case here, snake case in Postgres (CamelCasePlugin). */
export interface Schema {
  page: PageTable;
  pageRevision: PageRevisionTable;
  heading: HeadingTable;
  category: CategoryTable;
  event: EventTable;
  eventSlug: EventSlugTable;
  eventWording: EventWordingTable;
  topic: TopicTable;
  eventTopic: EventTopicTable;
  host: HostTable;
  article: ArticleTable;
  articleUrl: ArticleUrlTable;
  eventSource: EventSourceTable;
  snapshot: SnapshotTable;
  entity: EntityTable;
  entityAlias: EntityAliasTable;
  mention: MentionTable;
  implied: ImpliedTable;
  relation: RelationTable;
  story: StoryTable;
  storyEvent: StoryEventTable;
  run: RunTable;
  change: ChangeTable;
  cursor: CursorTable;
  subscription: SubscriptionTable;
  deadLetter: DeadLetterTable;
  feed: FeedTable;
  feedItem: FeedItemTable;
  worker: WorkerTable;
  throughput: ThroughputTable;
  failure: FailureTable;
  stageControl: StageControlTable;
  schedule: ScheduleTable;
  alarm: AlarmTable;
  audit: AuditTable;
}

type Timestamp = ColumnType<Date, Date | string, Date | string>;
type Json<T extends object> = JSONColumnType<T, string, string>;

/** A page of a source, as last read. `contentAt` is the revision's own time, `readAt` ours. */
interface PageTable {
  id: Generated<number>;
  source: string;
  day: Day;
  title: string;
  wrapper: Generated<ParsedDay['wrapper']>;
  eventCount: Generated<number>;
  leftovers: Generated<Leftover[]>;
  revision: number | null;
  contentAt: Timestamp | null;
  readAt: Timestamp | null;
  failedAt: Timestamp | null;
  failure: string | null;
  /** Why an operator should look at it: layout drift, a sudden fall in events. */
  alarm: string | null;
}

/** Every text that a page was seen with: earlier states can be computed from these. */
interface PageRevisionTable {
  id: Generated<number>;
  pageId: number;
  revision: number | null;
  at: Timestamp;
  readAt: Timestamp;
  hash: string;
  /** How long its new events had to stand before readers saw them. */
  settleMs: number;
  wikitext: string;
}

/** Every spelling of a section heading; `category` null means unknown to us. */
interface HeadingTable {
  raw: string;
  category: Category | null;
  firstDay: Day;
}

interface CategoryTable {
  slug: Category;
  label: string;
  position: number;
}

interface EventTable {
  id: EventId;
  pageId: number;
  day: Day;
  position: number;
  text: string;
  section: string;
  category: Category | null;
  links: Json<Link[]>;
  state: EventRecord['state'];
  /** The current public path segment; null until the event is first stable. */
  slug: string | null;
  /** The day under which it was first public, for life: lists are walked along it. Set by the database. */
  listedDay: GeneratedAlways<Day | null>;
  /** What the page says since `pendingSince`, where that is another sentence and has yet to settle. */
  pending: ColumnType<ParsedEvent | null, string | null, string | null>;
  pendingSince: Timestamp | null;
  firstSeenAt: Timestamp;
  presentSince: Timestamp;
  stableAt: Timestamp | null;
  goneAt: Timestamp | null;
  mergedInto: EventId | null;
  splitFrom: EventId | null;
  /** Counts what enrichment depends on: text, links, topics, sources, articles. */
  version: Generated<number>;
  /** The `version` that its relations were last computed from. */
  enrichedVersion: Generated<number>;
  enrichedAt: Timestamp | null;
  /** The `version` that its entities were last read from: tagging comes before threading and relating. */
  taggedVersion: Generated<number>;
  /** The first day that the linker had not learnt when it read the event. */
  taughtUntil: Generated<Day>;
  /** The tagged version that was last put into stories. */
  threadedVersion: Generated<number>;
  /** Grows in commit order with each tagging or withdrawal: in-memory indexes catch up along it. */
  taggedSeq: number | null;
  /** The sentence's words as full text search knows them, of its first 20,000 characters. */
  words: GeneratedAlways<string>;
  updatedAt: ColumnType<Date, Date | string | undefined, Date | string>;
}

/** Every path segment an event has had on a day, the current one included. */
interface EventSlugTable {
  day: Day;
  slug: string;
  eventId: EventId;
  ordinal: number;
}

interface EventWordingTable {
  eventId: EventId;
  ordinal: number;
  text: string;
  slug: string | null;
  seenAt: Timestamp;
  revision: number | null;
  until: Timestamp | null;
  publicAt: Timestamp | null;
}

interface TopicTable {
  id: Generated<number>;
  /** The page linked to; empty where the header is not a link. */
  title: string;
  text: string;
}

interface EventTopicTable {
  eventId: EventId;
  ordinal: number;
  topicId: number;
}

/** A host's politeness: shared by all workers, kept over restarts. */
interface HostTable {
  name: string;
  paceMs: Generated<number>;
  nextTurnAt: ColumnType<Date, Date | undefined, Date>;
  /** Failures in a row that count against the host's pace. */
  backoff: Generated<number>;
  retryAfterAt: Timestamp | null;
  robots: ColumnType<unknown, string | null, string | null>;
  robotsAt: Timestamp | null;
  crawlDelayMs: number | null;
  leaseUntil: Timestamp | null;
  leaseBy: string | null;
  blocked: Generated<boolean>;
  /** The pace that an operator has set. */
  paceOverrideMs: number | null;
  requests: Generated<number>;
  failures: Generated<number>;
  lastOkAt: Timestamp | null;
  lastFailure: string | null;
}

interface ArticleTable {
  id: Generated<ArticleId>;
  /** The canonical form, for matching. */
  url: string;
  /** The first spelling that was cited: the one fetched. */
  citedUrl: string;
  host: string;
  state: Generated<CaptureState>;
  reason: string | null;
  attempts: Generated<number>;
  /** Null when nothing more is to be tried. */
  nextTryAt: ColumnType<Date | null, Date | null | undefined, Date | null>;
  /** When what is known now was first seen. */
  capturedAt: Timestamp | null;
  /** When it was last asked for. */
  triedAt: Timestamp | null;
  /** Where it has moved for good: asked instead of `citedUrl`. */
  movedTo: string | null;
  finalUrl: string | null;
  status: number | null;
  etag: string | null;
  lastModified: string | null;
  kind: ExtractedArticle['kind'] | null;
  title: string | null;
  description: string | null;
  authors: string[] | null;
  published: string | null;
  modified: string | null;
  siteName: string | null;
  canonicalUrl: string | null;
  image: ColumnType<ArticleImage | null, string | null, string | null>;
  language: string | null;
  section: string | null;
  keywords: string[] | null;
  /** Field → the rule that won it. */
  rules: ColumnType<Record<string, string> | null, string | null, string | null>;
  /** Field → other values that disagree with the winner, best first. */
  rivals: ColumnType<ExtractedArticle['rivals'] | null, string | null, string | null>;
  /** The pictures in its text. */
  images: ColumnType<ArticleImage[] | null, string | null, string | null>;
  publishedBounds: ColumnType<{ earliest: string; latest: string } | null, string | null, string | null>;
  direction: 'ltr' | 'rtl' | null;
  body: string | null;
  wordCount: number | null;
  paywalled: boolean | null;
  fingerprint: string | null;
  mergedInto: ArticleId | null;
  /** A copy in an archive, for people, of what the host no longer has. */
  archivedUrl: string | null;
  /** When the archive took it. */
  archivedAt: Timestamp | null;
  /** When the archive is to be asked; null when it need not. */
  copyTryAt: Timestamp | null;
  copyAttempts: Generated<number>;
  /** It was looked for in a list of its host's copies, which may not have had it. */
  copyListed: Generated<boolean>;
  /** Someone asked for it by hand: it becomes an event of its own where no event cites it. */
  submitted: Generated<boolean>;
  /** The event that a submitted article came to, and why. */
  joinedEvent: EventId | null;
  joinedWhy: string | null;
  updatedAt: ColumnType<Date, Date | undefined, Date>;
}

/** Every canonical URL that leads to an article: as cited, after redirects, as the page names itself. */
interface ArticleUrlTable {
  url: string;
  articleId: ArticleId;
}

interface EventSourceTable {
  eventId: EventId;
  ordinal: number;
  /** Null where the URL is broken beyond fetching. */
  articleId: ArticleId | null;
  url: string;
  label: string;
  agency: string | null;
  outlet: string | null;
  title: string | null;
  published: string | null;
  form: SourceForm;
}

/** What an article's page answered; the bytes are in the snapshot store under `hash`. */
interface SnapshotTable {
  id: Generated<number>;
  articleId: ArticleId;
  hash: string;
  at: Timestamp;
  url: string;
  status: number;
  contentType: string | null;
  bytes: number;
}

interface EntityTable {
  id: Generated<EntityId>;
  title: string;
  label: string;
  slug: string;
  type: Generated<EntityType>;
  /** False for a name that no editor has linked yet. */
  linked: Generated<boolean>;
  events: Generated<number>;
  /** The entity that this title is another name of; never itself merged. */
  mergedInto: EntityId | null;
  /** The Wikidata item: `Q30`. */
  wikidata: string | null;
  latitude: number | null;
  longitude: number | null;
  /** Of a place: the title of its country. */
  country: string | null;
  lookedUpAt: Timestamp | null;
  /** By how many of its events its type was judged last. */
  typedFrom: Generated<number>;
}

interface EntityAliasTable {
  entityId: EntityId;
  surface: string;
  /** How often editors wrote the entity so. */
  count: number;
  /** How often the linker took such a name for it. */
  found: Generated<number>;
}

interface MentionTable {
  eventId: EventId;
  ordinal: number;
  entityId: EntityId;
  surface: string;
  spanStart: number | null;
  spanEnd: number | null;
  tagger: string;
  score: number;
  origin: Generated<MentionOrigin>;
  /** How the linker came to think of it; null for what editors linked. */
  reason: string | null;
  /** What else it thought of. */
  rivals: ColumnType<Rival[] | null, string | null, string | null>;
}

/** What events are about without naming it, most telling first. */
interface ImpliedTable {
  eventId: EventId;
  ordinal: number;
  entityId: EntityId;
}

interface RelationTable {
  fromId: EventId;
  toId: EventId;
  ordinal: number;
  score: number;
  evidence: Json<Evidence[]>;
}

interface StoryTable {
  id: StoryId;
  slug: string;
  title: string;
  firstDay: Day;
  lastDay: Day;
  events: number;
  mergedInto: StoryId | null;
  updatedAt: ColumnType<Date, Date | undefined, Date>;
  /** The title of the header that seeds it; null where likeness made it. */
  topic: string | null;
  splitFrom: StoryId | null;
}

interface StoryEventTable {
  eventId: EventId;
  storyId: StoryId;
  how: Generated<'header' | 'likeness'>;
  /** How sure: 0..1; null for a header. */
  score: number | null;
}

interface RunTable {
  id: Generated<number>;
  kind: string;
  arguments: Generated<unknown>;
  state: Generated<'running' | 'done' | 'stopped' | 'failed'>;
  total: number | null;
  finished: Generated<number>;
  facts: Generated<unknown>;
  failure: string | null;
  startedAt: ColumnType<Date, undefined, Date>;
  heartbeatAt: ColumnType<Date, undefined, Date>;
  endedAt: Timestamp | null;
  startedBy: string | null;
  asked: 'pause' | 'stop' | null;
  askedBy: string | null;
  requests: Generated<number>;
}

/** The outbox: one row a change that readers can see, in commit order. */
interface ChangeTable {
  seq: Generated<number>;
  at: Generated<Date>;
  noun: ChangedNoun;
  id: string;
  kind: ChangeKind;
  day: Day | null;
  path: string | null;
}

/** How far a stream of others has been followed. */
interface CursorTable {
  name: string;
  value: string;
  at: Generated<Date>;
}

interface SubscriptionTable {
  id: Generated<number>;
  url: string;
  secret: string;
  afterSeq: Generated<number>;
  attempts: Generated<number>;
  nextTryAt: Timestamp | null;
  failure: string | null;
  /** The last change of the call that is being tried again. */
  tryingSeq: number | null;
  createdAt: Generated<Date>;
  /** Of a WebSub hub: the origin of the feeds that it is told of. Null for who is told of the changes themselves. */
  hubOf: ColumnType<string | null, string | null | undefined, string | null>;
}

/** A feed or news sitemap whose items are taken as articles. */
interface FeedTable {
  id: Generated<number>;
  url: string;
  title: string | null;
  form: FeedForm | null;
  etag: string | null;
  lastModified: string | null;
  /** In a row. */
  failures: Generated<number>;
  failure: string | null;
  readAt: Timestamp | null;
  nextReadAt: ColumnType<Date, Date | undefined, Date>;
  addedAt: Generated<Date>;
}

export type FeedForm = 'rss' | 'atom' | 'json' | 'sitemap';

/** An item that a feed has had. One article is one item, whatever its id and title become. */
interface FeedItemTable {
  feedId: number;
  articleId: ArticleId;
  /** The item's own id, as the feed gave it first. */
  key: string;
  title: string;
  published: Timestamp | null;
  seenAt: Generated<Date>;
}

interface DeadLetterTable {
  id: Generated<number>;
  subscriptionId: number;
  firstSeq: number;
  lastSeq: number;
  failure: string;
  at: Generated<Date>;
}

/** A process that works the queue, as it last said of itself. */
interface WorkerTable {
  name: string;
  version: string;
  startedAt: ColumnType<Date, undefined, Date>;
  heartbeatAt: ColumnType<Date, undefined, Date>;
  inHand: Generated<JobInHand[]>;
  quiet: Generated<boolean>;
}

/** A job that a worker is at; `since` in epoch ms. */
export interface JobInHand {
  stage: string;
  key: string;
  since: number;
  timeoutMs: number;
}

/** What ended in five minutes from `at`: how many, how long in all, and how many took how long. */
interface ThroughputTable {
  at: Timestamp;
  stage: string;
  outcome: string;
  jobs: number;
  totalMs: number;
  buckets: number[];
}

/** A job that spent its attempts or was rejected, until a person or its own success takes it away. */
interface FailureTable {
  id: Generated<number>;
  stage: string;
  key: string;
  payload: unknown;
  /** The error without what differs from case to case. */
  cause: string;
  host: string | null;
  error: string;
  attempts: number;
  failedAt: Generated<Date>;
}

/** What an operator has set for a stage. */
interface StageControlTable {
  stage: string;
  pausedAt: Timestamp | null;
  pausedBy: string | null;
  concurrency: number | null;
}

/** What an operator has set for a schedule, and when it was last worked. */
interface ScheduleTable {
  name: string;
  everyMs: number | null;
  enabled: Generated<boolean>;
  lastAt: Timestamp | null;
  /** Off until an operator switches it on. */
  optional: Generated<boolean>;
}

/** A light that was bad: from when till when, and when somebody was told. */
interface AlarmTable {
  id: Generated<number>;
  light: string;
  level: string;
  says: string;
  since: Generated<Date>;
  toldAt: Timestamp | null;
  resolvedAt: Timestamp | null;
  resolutionToldAt: Timestamp | null;
}

/** Who did what on the dashboard or by a command. */
interface AuditTable {
  id: Generated<number>;
  at: Generated<Date>;
  operator: string;
  action: string;
  target: string;
  facts: Generated<unknown>;
}

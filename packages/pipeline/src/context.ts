import type {
  ArticleStore,
  CatalogueStore,
  ChangeStore,
  ControlStore,
  CursorStore,
  EntityStore,
  EventStore,
  FeedStore,
  FailureStore,
  HostStore,
  JoinStore,
  PageStore,
  Reach,
  RunStore,
  SnapshotIndex,
  StoryStore,
  SubscriptionStore,
  ThroughputStore,
  WorkerStore,
} from '@throughline/db';
import type { Fetcher, SnapshotStore } from '@throughline/fetch';
import type { Trace } from '@throughline/runtime';
import type { Concepts, Source } from '@throughline/sources';
import type { Archive } from './archive.ts';
import type { PageReader } from './page-reader.ts';

/** What the stages may touch. The services build it; each stage says which parts it needs. */
export interface Context {
  /** Milliseconds since the epoch. */
  now: () => number;
  /** This process's name among the workers. */
  worker: string;
  /** This program's version. */
  version: string;
  settleMs: number;
  sources: ReadonlyMap<string, Source>;
  pages: PageStore;
  events: EventStore;
  entities: EntityStore;
  /** What entities are looked up in; undefined where nobody may be asked. */
  concepts: Concepts | undefined;
  articles: ArticleStore;
  catalogue: CatalogueStore;
  feeds: FeedStore;
  joins: JoinStore;
  hosts: HostStore;
  changes: ChangeStore;
  stories: StoryStore;
  subscriptions: SubscriptionStore;
  runs: RunStore;
  cursors: CursorStore;
  workers: WorkerStore;
  throughput: ThroughputStore;
  failures: FailureStore;
  controls: ControlStore;
  archive: Archive;
  fetcher: Fetcher;
  snapshots: SnapshotStore;
  readPage: PageReader;
  snapshotIndex: SnapshotIndex;
  /** Which hosts may be asked: all once an operator has said whom to write to. */
  reach: Reach;
  /** Whether a host is answered by the sample's replay server: nobody's patience is spent there. */
  replayed: (host: string) => boolean;
  /** Where it is told what was done for each event. */
  trace: Trace;
  /** The product token that robots.txt files know us by. */
  robotsAgent: string;
}

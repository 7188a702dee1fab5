import { hostname } from 'node:os';
import { join } from 'node:path';
import {
  articleStore,
  catalogueStore,
  changeStore,
  controlStore,
  cursorStore,
  entityStore,
  eventStore,
  failureStore,
  feedStore,
  hostStore,
  joinStore,
  pageStore,
  runStore,
  snapshotIndex,
  storyStore,
  subscriptionStore,
  throughputStore,
  workerStore,
  type Database,
} from '@throughline/db';
import { createFetcher, s3Blobs, snapshotStore, type S3Place } from '@throughline/fetch';
import { openArchive, openPageReader, type Context } from '@throughline/pipeline';
import { NO_TRACE, type Trace } from '@throughline/runtime';
import type { Concepts, Source } from '@throughline/sources';

export interface ContextOptions {
  db: Database;
  /** Where snapshots are kept, under `snapshots/`. */
  dataDirectory: string;
  /** A bucket to keep snapshots in instead. */
  bucket?: S3Place | undefined;
  settleHours: number;
  /** Whom a site's operator can write to; part of the user agent. */
  contact?: string | undefined;
  sources: readonly Source[];
  /** What entities are looked up in, where that may be asked. */
  concepts?: Concepts | undefined;
  /** Answers for the bundled sample's hosts; nothing else uses it. */
  replay?: { origin: string; hosts: ReadonlySet<string> };
  version: string;
  trace?: Trace;
}

const HOUR_MS = 3_600_000;
const PRODUCT = 'Throughline';

/** Everything the stages may touch. Nothing is connected or read yet. */
export function openContext({
  db,
  dataDirectory,
  bucket,
  settleHours,
  contact,
  sources,
  concepts,
  replay,
  version,
  trace = NO_TRACE,
}: ContextOptions): Context {
  const events = eventStore(db);
  const replayHosts = replay?.hosts ?? new Set<string>();
  return {
    now: Date.now,
    worker: `${hostname()}:${process.pid}`,
    version,
    settleMs: settleHours * HOUR_MS,
    sources: new Map(sources.map((source) => [source.name, source])),
    pages: pageStore(db),
    events,
    entities: entityStore(db),
    concepts,
    articles: articleStore(db),
    catalogue: catalogueStore(db),
    feeds: feedStore(db),
    joins: joinStore(db),
    hosts: hostStore(db),
    changes: changeStore(db),
    stories: storyStore(db),
    subscriptions: subscriptionStore(db),
    runs: runStore(db),
    cursors: cursorStore(db),
    workers: workerStore(db),
    throughput: throughputStore(db),
    failures: failureStore(db),
    controls: controlStore(db),
    archive: openArchive(events),
    fetcher: createFetcher({
      userAgent: contact ? `${PRODUCT}/${version} (${contact})` : `${PRODUCT}/${version}`,
      ...(replay && { replay }),
    }),
    reach: contact === undefined ? { all: false, hosts: [...replayHosts] } : { all: true },
    replayed: (host) => replayHosts.has(host),
    snapshotIndex: snapshotIndex(db),
    snapshots: snapshotStore(bucket ? s3Blobs(bucket) : join(dataDirectory, 'snapshots')),
    readPage: openPageReader(),
    trace,
    robotsAgent: PRODUCT,
  };
}

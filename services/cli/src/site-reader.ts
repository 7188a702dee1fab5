import {
  articleStore,
  changeStore,
  collectionStore,
  eventStore,
  pageStore,
  searchStore,
  siteStore,
  type Database,
} from '@throughline/db';
import { postgresReader, type SiteReader } from '@throughline/web';

/** The site's reader over a database, with the count of events for the terminal. */
export function siteReader(db: Database): SiteReader & { counts: () => Promise<{ stable: number }> } {
  const events = eventStore(db);
  const reader = postgresReader({
    site: siteStore(db),
    events,
    articles: articleStore(db),
    pages: pageStore(db),
    changes: changeStore(db),
    collections: collectionStore(db),
    search: searchStore(db),
  });
  return { ...reader, counts: () => events.counts() };
}

import { eventStore, type Database } from '@throughline/db';
import { postgresReader, type SiteReader } from '@throughline/web';

/** The site's reader over a database, with the count of events for the terminal. */
export function siteReader(db: Database): SiteReader & { counts: () => Promise<{ stable: number }> } {
  const events = eventStore(db);
  return { ...postgresReader(db), counts: () => events.counts() };
}

import { checkServer, migrate, openDatabase, type Database } from '@throughline/db';
import { startEmbeddedPostgres, type Config, type Log } from '@throughline/runtime';
import { CommandError } from './command-error.ts';

/** A migrated database, embedded or given, and how to let go of it. */
export interface Station {
  db: Database;
  databaseUrl: string;
  /** Whether it is the Postgres that we run ourselves. */
  embedded: boolean;
  close: () => Promise<void>;
}

/**
 * Opens the database of `DATABASE_URL`, or starts (or joins) the embedded one,
 * and brings it up to the newest migration. Throws a `CommandError` of one line.
 */
export async function openStation(config: Config, log: Log, { migrated = true } = {}): Promise<Station> {
  const server =
    config.databaseUrl === undefined
      ? await startEmbeddedPostgres({ dataDirectory: config.dataDirectory, log })
      : undefined;
  const databaseUrl = config.databaseUrl ?? server?.url ?? '';
  const db = openDatabase(databaseUrl, {
    maxConnections: MAX_CONNECTIONS,
    onError: (error) => log.warn({ err: error }, 'a database connection was lost'),
  });
  const close = async () => {
    await db.destroy();
    await server?.stop();
  };
  try {
    await checkServer(db);
    if (migrated) await migrate(db);
    return { db, databaseUrl, embedded: server !== undefined, close };
  } catch (error) {
    await close().catch(() => {});
    throw unreachable(error, config);
  }
}

const MAX_CONNECTIONS = 24;

function unreachable(error: unknown, { databaseUrl }: Config): Error {
  const { message, code } = error as Error & { code?: string };
  if (databaseUrl === undefined) return error as Error;
  const where = hidden(databaseUrl);
  const why = message || code || 'no answer';
  return new CommandError(
    `cannot use the database of DATABASE_URL (${where}): ${why.split('\n')[0]}. Correct it, or unset it to use the embedded Postgres`,
    { cause: error },
  );
}

/** A database URL without its password. */
function hidden(url: string): string {
  if (!URL.canParse(url)) return 'not a URL';
  const parsed = new URL(url);
  if (parsed.password) parsed.password = '***';
  return parsed.href;
}

import { sql } from 'kysely';
import type { Database } from './database.ts';

export interface Subscription {
  id: number;
  url: string;
  secret: string;
  afterSeq: number;
  attempts: number;
  /** The last change of the call that is being tried again. */
  tryingSeq: number | null;
  /** Of a WebSub hub: the origin of the feeds that it is told of. */
  hubOf: string | null;
}

/** A subscription as its operator sees it. */
export interface ListedSubscription {
  id: number;
  url: string;
  /** The last change it has taken. */
  afterSeq: number;
  /** How often the call in hand has failed. */
  attempts: number;
  nextTryAt: Date | null;
  failure: string | null;
  createdAt: Date;
  deadLetters: number;
  /** Changes that it has yet to hear of, 10,000 for that many or more. */
  waiting: number;
}

/** Changes, the first to the last, that a subscriber never took. */
export interface DeadLetter {
  id: number;
  firstSeq: number;
  lastSeq: number;
  failure: string;
  at: Date;
}

const MOST_WAITING = 10_000;

/** Those who are told of changes over HTTP, and how far each has been told. */
export function subscriptionStore(db: Database) {
  return {
    /** Makes or updates the subscription of a URL; a new one hears of changes from now on. */
    async ensure(url: string, secret: string): Promise<void> {
      await sql`insert into subscription (url, secret, after_seq) values (${url}, ${secret}, (select coalesce(max(seq), 0) from change))
        on conflict (url) do update set secret = excluded.secret`.execute(db);
    },

    /** Has this WebSub hub, and no other, told of the feeds of `origin` that change from now on; none at all without one. */
    async ensureHub(hub: { url: string; origin: string } | undefined): Promise<void> {
      await db.transaction().execute(async (trx) => {
        await sql`delete from subscription where hub_of is not null and url is distinct from ${hub?.url ?? null}`.execute(
          trx,
        );
        if (!hub) return;
        await sql`insert into subscription (url, secret, hub_of, after_seq)
          values (${hub.url}, '', ${hub.origin}, (select coalesce(max(seq), 0) from change))
          on conflict (url) do update set hub_of = excluded.hub_of`.execute(trx);
      });
    },

    get(id: number): Promise<Subscription | undefined> {
      return db
        .selectFrom('subscription')
        .select(['id', 'url', 'secret', 'afterSeq', 'attempts', 'tryingSeq', 'hubOf'])
        .where('id', '=', id)
        .executeTakeFirst();
    },

    /** A new subscription, which hears of what comes `after`; undefined where the URL has one already. */
    async add(url: string, secret: string, after?: number): Promise<number | undefined> {
      const from = after === undefined ? sql`(select coalesce(max(seq), 0) from change)` : sql`${after}`;
      const { rows } = await sql<{
        id: number;
      }>`insert into subscription (url, secret, after_seq) values (${url}, ${secret}, ${from})
        on conflict do nothing returning id`.execute(db);
      return rows[0]?.id;
    },

    /** Takes a subscription away with its dead letters; false where there is none. */
    async remove(id: number): Promise<boolean> {
      const { numDeletedRows } = await db.deleteFrom('subscription').where('id', '=', id).executeTakeFirst();
      return numDeletedRows > 0n;
    },

    /** All of them, without their secrets, and how far behind each is. */
    async list(): Promise<ListedSubscription[]> {
      const { rows } =
        await sql<ListedSubscription>`select s.id, s.url, s.after_seq, s.attempts, s.next_try_at, s.failure, s.created_at,
          (select count(*)::int from dead_letter d where d.subscription_id = s.id) as dead_letters,
          (select count(*)::int from (select from change c where c.seq > s.after_seq limit ${MOST_WAITING}) c) as waiting
        from subscription s order by s.id`.execute(db);
      return rows;
    },

    /** What a subscriber never took, oldest first. */
    deadLetters(id: number, limit: number): Promise<DeadLetter[]> {
      return db
        .selectFrom('deadLetter')
        .select(['id', 'firstSeq', 'lastSeq', 'failure', 'at'])
        .where('subscriptionId', '=', id)
        .orderBy('id')
        .limit(limit)
        .execute();
    },

    /** Those with something to hear whose time has come. */
    async behind(): Promise<number[]> {
      const rows = await db
        .selectFrom('subscription')
        .select('id')
        .where('afterSeq', '<', (eb) =>
          eb.selectFrom('change').select(({ fn }) => fn.coalesce(fn.max('seq'), sql<number>`0`).as('seq')),
        )
        .where((eb) => eb.or([eb('nextTryAt', 'is', null), eb('nextTryAt', '<=', sql<Date>`now()`)]))
        .orderBy('id')
        .execute();
      return rows.map((row) => row.id);
    },

    async delivered(id: number, seq: number): Promise<void> {
      await db
        .updateTable('subscription')
        .set({ afterSeq: seq, attempts: 0, nextTryAt: null, failure: null, tryingSeq: null })
        .where('id', '=', id)
        .where('afterSeq', '<', seq)
        .execute();
    },

    /** A call of the changes up to `lastSeq` failed: those, and no later ones, are tried again. */
    async failed(id: number, lastSeq: number, failure: string, nextTryAt: Date): Promise<void> {
      await db
        .updateTable('subscription')
        .set({ attempts: sql<number>`attempts + 1`, failure, nextTryAt, tryingSeq: lastSeq })
        .where('id', '=', id)
        .execute();
    },

    /** Gives the changes up for this subscriber, keeps them as a dead letter, and goes on behind them. */
    async bury(id: number, firstSeq: number, lastSeq: number, failure: string): Promise<void> {
      await db.transaction().execute(async (trx) => {
        await trx.insertInto('deadLetter').values({ subscriptionId: id, firstSeq, lastSeq, failure }).execute();
        await trx
          .updateTable('subscription')
          .set({ afterSeq: lastSeq, attempts: 0, nextTryAt: null, failure, tryingSeq: null })
          .where('id', '=', id)
          .execute();
      });
    },

    /** Goes back to before the first dead letter of a subscriber: what follows is told again. Returns how many letters. */
    async replay(id: number): Promise<number> {
      return db.transaction().execute(async (trx) => {
        const letters = await trx
          .deleteFrom('deadLetter')
          .where('subscriptionId', '=', id)
          .returning('firstSeq')
          .execute();
        if (letters.length === 0) return 0;
        const first = Math.min(...letters.map(({ firstSeq }) => firstSeq));
        await sql`update subscription set after_seq = least(after_seq, ${first - 1}), attempts = 0, next_try_at = null, trying_seq = null
          where id = ${id}`.execute(trx);
        return letters.length;
      });
    },

    /** Has a subscriber that does not answer tried again at once. */
    async tryNow(id: number): Promise<void> {
      await db.updateTable('subscription').set({ nextTryAt: null }).where('id', '=', id).execute();
    },

    /** Forgets the dead letters of a subscriber. Returns how many. */
    async dropDead(id: number): Promise<number> {
      const { numDeletedRows } = await db.deleteFrom('deadLetter').where('subscriptionId', '=', id).executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}

export type SubscriptionStore = ReturnType<typeof subscriptionStore>;

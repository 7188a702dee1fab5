import type { Database } from './database.ts';
import { look } from './look.ts';
import { toJson } from './rows.ts';

export interface AuditEntry {
  id: number;
  at: Date;
  operator: string;
  action: string;
  target: string;
  facts: unknown;
}

/** Who did what. Nothing is ever taken away here. */
export function auditStore(db: Database) {
  return {
    async add(operator: string, action: string, target: string, facts: object = {}): Promise<void> {
      await db
        .insertInto('audit')
        .values({ operator, action, target, facts: toJson(facts) })
        .execute();
    },

    /** The latest first. */
    recent(limit: number): Promise<AuditEntry[]> {
      return look(db, (trx) => trx.selectFrom('audit').selectAll().orderBy('id', 'desc').limit(limit).execute());
    },
  };
}

export type AuditStore = ReturnType<typeof auditStore>;

import { sql, type CompiledQuery, type RawBuilder } from 'kysely';
import type { Database } from './database.ts';

/**
 * A question whose text is made once: writing out the query of a whole page
 * takes as long as drawing the page. `write` is given a mark for each parameter
 * and must give the same text whatever they are. Begin the text with a comment,
 * as in `/* event *\/ select …`, and it is planned once a connection, too.
 */
export function statement<Row, Parameters extends readonly unknown[]>(
  write: (...parameters: { [At in keyof Parameters]: RawBuilder<unknown> }) => RawBuilder<Row>,
): (db: Database, ...parameters: Parameters) => Promise<Row[]> {
  let written: { compiled: CompiledQuery<Row>; order: readonly number[] } | undefined;
  return async (db, ...parameters) => {
    written ??= compiled(db, write, parameters.length);
    const values = written.order.map((at) => parameters[at]);
    return (await db.executeQuery<Row>({ ...written.compiled, parameters: values })).rows;
  };
}

function compiled<Row>(
  db: Database,
  write: (...parameters: never) => RawBuilder<Row>,
  count: number,
): { compiled: CompiledQuery<Row>; order: readonly number[] } {
  const marks = Array.from({ length: count }, (_, at) => ({ at }));
  const query = write(...(marks.map((mark) => sql`${sql.val(mark)}`) as never)).compile(db);
  return { compiled: query, order: query.parameters.map((mark) => (mark as { at: number }).at) };
}

import { sql, type RawBuilder } from 'kysely';

const UNSTORABLE = /[\0\p{Surrogate}]/u;

/** Postgres refuses NUL in text and lone surrogates in JSON: they become U+FFFD. */
const storable = (_key: string, value: unknown): unknown =>
  typeof value === 'string' && UNSTORABLE.test(value) ? value.replaceAll('\0', '\uFFFD').toWellFormed() : value;

/** A value as JSON that Postgres accepts. */
export const toJson = (value: unknown): string => JSON.stringify(value, storable);

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * `insert into table (columns) select … ` from all `rows` as one parameter: the
 * columns' types are the table's own, and thousands of rows cost one statement
 * without the 65,535 parameter limit. A key that a row lacks becomes null.
 */
export function insertRows<Row extends object>(
  table: string,
  columns: readonly (keyof Row & string)[],
  rows: readonly Row[],
  tail: RawBuilder<unknown> = sql``,
): RawBuilder<Record<string, unknown>> {
  const names = columns.map(snake);
  const data = toJson(rows.map((row) => Object.fromEntries(columns.map((column, i) => [names[i], row[column]]))));
  const list = sql.join(names.map((name) => sql.ref(name)));
  return sql`insert into ${sql.table(table)} (${list}) select ${list} from json_populate_recordset(null::${sql.table(table)}, ${data}::json) ${tail}`;
}

/** Ids as a subquery of one column. */
export const listOf = (ids: readonly string[]): RawBuilder<unknown> =>
  sql`(select value::uuid from json_array_elements_text(${toJson(ids)}::json))`;

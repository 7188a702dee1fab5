import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tableRows } from '../support/markdown-table.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';
import { readText } from '../support/source-code.ts';

const document = readText('docs/data-model.md');
const VIEWS = ['v_entity', 'v_event', 'v_related', 'v_source'];

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

async function rowsOf<Row>(query: string): Promise<Row[]> {
  return (await sql.raw<Row>(query).execute(database.db)).rows;
}

const tables = (kind: 'BASE TABLE' | 'VIEW') =>
  rowsOf<{ name: string }>(
    `select table_name as name from information_schema.tables
     where table_schema = 'public' and table_type = '${kind}' and table_name not like 'kysely%' order by 1`,
  ).then((rows) => rows.map(({ name }) => name));

describe('docs/data-model.md', () => {
  it('says of every table what it is for', async () => {
    const described = [...document.matchAll(/^\| `(\w+)` \| \S/gm)].map(([, name = '']) => name);
    expect(described.toSorted()).toEqual(await tables('BASE TABLE'));
  });

  it('draws every table with its key, and every foreign key as a line', async () => {
    const keys = await rowsOf<{ table: string; column: string }>(
      `select conrelid::regclass::text as table, attname as column from pg_constraint
       join pg_attribute on attrelid = conrelid and attnum = conkey[1]
       where contype = 'p' and connamespace = 'public'::regnamespace and conrelid::regclass::text not like 'kysely%'`,
    );
    const drawn = [...document.matchAll(/^ {2}(\w+) \{ \w+ (\w+) PK/gm)].map(
      ([, table, column]) => `${table} ${column}`,
    );
    expect(drawn.toSorted()).toEqual(keys.map(({ table, column }) => `${table} ${column}`).toSorted());

    const foreign = await rowsOf<{ line: string }>(
      `select confrelid::regclass || ' ' || case when attnotnull then '||' else '|o' end || ' ' || conrelid::regclass as line
       from pg_constraint join pg_attribute on attrelid = conrelid and attnum = conkey[1] where contype = 'f'`,
    );
    const lines = [...document.matchAll(/^ {2}(\w+) (\|[|o])--o[{|] (\w+) : "/gm)];
    expect(lines.map(([, parent, end, child]) => `${parent} ${end} ${child}`).toSorted()).toEqual(
      foreign.map(({ line }) => line).toSorted(),
    );
  });

  it('names only columns that there are', async () => {
    const columns = new Set(
      (
        await rowsOf<{ name: string }>(
          `select table_name || '.' || column_name as name from information_schema.columns where table_schema = 'public'`,
        )
      ).map(({ name }) => name),
    );
    const known = new Set([...(await tables('BASE TABLE')), ...VIEWS]);
    const named = [...document.matchAll(/`(\w+)\.(\w+)`/g)].filter(([, table = '']) => known.has(table));
    expect(named.length).toBeGreaterThan(10);
    expect(named.map(([, table, column]) => `${table}.${column}`).filter((name) => !columns.has(name))).toEqual([]);
  });

  it('names every view', async () => {
    expect(await tables('VIEW')).toEqual(VIEWS);
  });

  it.each(VIEWS)('lists the columns of %s with their types, in their order', async (view) => {
    const columns = await rowsOf<{ name: string; type: string }>(
      `select column_name as name, udt_name as type from information_schema.columns
       where table_schema = 'public' and table_name = '${view}' order by ordinal_position`,
    );
    const chapter = document.slice(document.indexOf(`### \`${view}\``));
    const listed = tableRows(chapter, ['column', 'type', 'is']).map(([name, type = '']) => ({
      name,
      type: type.endsWith('[]') ? `_${type.slice(0, -2)}` : type,
    }));
    expect(listed).toEqual(columns);
  });

  it('has queries that run', async () => {
    const queries = [...document.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, query = '']) => query);
    expect(queries.length).toBeGreaterThan(4);
    for (const query of queries) await rowsOf(query);
  });
});

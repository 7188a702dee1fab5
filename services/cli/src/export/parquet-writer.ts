import { fileWriter, ParquetWriter } from 'hyparquet-writer';
import type { Site } from '@throughline/publish';
import type { Cell, Column, Table } from './tables.ts';
import { notWritten, type Writer } from './writer.ts';

type SchemaElement = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number];

/** How many rows are held before they are written: a row group. */
const GROUP_ROWS = 10_000;

const LICENSE =
  'Text: CC BY-SA 4.0, editors of Wikipedia, Portal:Current events. The columns license and attribution_url say so of each row.';

/** One Parquet file of a table, written a row group at a time. */
export function parquetWriter(file: string, table: Table, site: Site): Writer {
  const parquet = attempt(file, () => {
    const kvMetadata = [
      { key: 'license', value: LICENSE },
      { key: 'publisher', value: site.name },
    ];
    return new ParquetWriter({ writer: fileWriter(file), schema: schemaOf(table), kvMetadata });
  });
  let rows: Cell[][] = [];
  const flush = async (): Promise<void> => {
    const columnData = table.columns.map((column, at) => ({
      name: column.name,
      data: rows.map((row) => valueOf(column, row[at])),
    }));
    await attempt(file, () => parquet.write({ columnData, rowGroupSize: GROUP_ROWS }));
    rows = [];
  };
  const writer: Writer = {
    records: 0,
    async write(pages) {
      for (const page of pages) {
        const added = table.rows(page, site);
        rows.push(...added);
        writer.records += added.length;
        if (rows.length >= GROUP_ROWS) await flush();
      }
    },
    async end() {
      if (rows.length > 0) await flush();
      await attempt(file, () => parquet.finish());
    },
  };
  return writer;
}

function attempt<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw notWritten(file, error);
  }
}

const valueOf = ({ type }: Column, cell: Cell): unknown =>
  type === 'integer' && typeof cell === 'number' ? BigInt(cell) : (cell ?? null);

function schemaOf({ columns }: Table): SchemaElement[] {
  return [{ name: 'root', num_children: columns.length }, ...columns.flatMap(elementsOf)];
}

/** Parquet's own three levels of a list; all else may be null. */
function elementsOf({ name, type }: Column): SchemaElement[] {
  const optional = { name, repetition_type: 'OPTIONAL' } as const;
  switch (type) {
    case 'text':
      return [{ ...optional, type: 'BYTE_ARRAY', converted_type: 'UTF8' }];
    case 'integer':
      return [{ ...optional, type: 'INT64' }];
    case 'number':
      return [{ ...optional, type: 'DOUBLE' }];
    case 'texts':
      return [
        { ...optional, converted_type: 'LIST', num_children: 1 },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        { name: 'element', repetition_type: 'OPTIONAL', type: 'BYTE_ARRAY', converted_type: 'UTF8' },
      ];
  }
}

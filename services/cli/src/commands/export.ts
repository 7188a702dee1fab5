import { Option, type Command } from 'commander';
import type { Site } from '@throughline/publish';
import { parseDayArgument } from '../day-argument.ts';
import { parquetWriter } from '../export/parquet-writer.ts';
import { exportSite } from '../export/site-files.ts';
import { exportSnapshot } from '../export/snapshot.ts';
import { tables, type Table } from '../export/tables.ts';
import { csvWriter, geoJsonWriter, jsonLdWriter, ndjsonWriter } from '../export/text-writers.ts';
import { barOf, exporting, siteAt, writeAll, type Span } from '../export/walk.ts';
import { sinkOf, type Sink, type Writer } from '../export/writer.ts';
import type { Terminal } from '../terminal.ts';
import { exportWarcCommand } from './warc.ts';

interface Options extends Span {
  out?: string;
  url: string;
  table: string;
}

/** The forms that are one file of text. */
const TEXTS: readonly {
  name: string;
  description: string;
  hasTables?: true;
  writer: (sink: Sink, site: Site, table: Table) => Writer;
}[] = [
  {
    name: 'ndjson',
    description: 'one JSON line an event, whole: sources, entities, relations with their evidence',
    writer: (sink) => ndjsonWriter(sink),
  },
  {
    name: 'csv',
    description: 'a table for spreadsheets: events, sources, entities or relations',
    hasTables: true,
    writer: (sink, site, table) => csvWriter(sink, table, site),
  },
  {
    name: 'jsonld',
    description: 'linked data: the Simple Event Model and schema.org as one JSON-LD document',
    writer: (sink, site) => jsonLdWriter(sink, site),
  },
  {
    name: 'geojson',
    description: 'the events whose places are known, as points on a map',
    writer: (sink, site) => geoJsonWriter(sink, site),
  },
];

export function exportCommand(root: Command, terminal: Terminal): void {
  const command = root.command('export').description('write what is public, or what was captured, to files');
  exportWarcCommand(command, terminal);
  for (const { name, description, hasTables, writer } of TEXTS) {
    const one = withSpan(command.command(name).description(description));
    one.option('--out <file>', 'where to write; standard output unless given').addOption(urlOption());
    if (hasTables) one.addOption(tableOption());
    one.action((options: Options) =>
      toOneFile(terminal, name, options, () =>
        writer(sinkOf(options.out, terminal.out), siteAt(options.url), tableOf(options)),
      ),
    );
  }
  withSpan(command.command('parquet').description('the same tables as csv, for data frames'))
    .requiredOption('--out <file>', 'where to write')
    .addOption(tableOption())
    .addOption(urlOption())
    .action((options: Options) =>
      toOneFile(terminal, 'parquet', options, () =>
        parquetWriter(options.out ?? '', tableOf(options), siteAt(options.url)),
      ),
    );
  withSpan(
    command
      .command('snapshot')
      .description('everything in every form, with a manifest of checksums and a dataset card'),
  )
    .requiredOption('--out <dir>', 'where to write')
    .addOption(urlOption())
    .action((options: Options & { out: string }) =>
      exporting(terminal, 'snapshot', options, (reading) => exportSnapshot(reading, options)),
    );
  withSpan(
    command
      .command('site')
      .description('the pages of the site, as the web service answers them; again, only what has changed'),
  )
    .requiredOption('--out <dir>', 'where to write')
    .addOption(urlOption())
    .action((options: Options & { out: string }) =>
      exporting(terminal, 'site', options, (reading) => exportSite(reading, options, options)),
    );
}

const withSpan = (command: Command): Command =>
  command.option('--from <day>', 'first day', parseDayArgument).option('--to <day>', 'last day', parseDayArgument);

const urlOption = (): Option =>
  new Option('--url <url>', 'where the pages will be found, for addresses in the files').default('http://localhost');

const tableOption = (): Option =>
  new Option('--table <table>', 'which table').choices(tables.map(({ name }) => name)).default('events');

const tableOf = ({ table }: Options): Table => tables.find(({ name }) => name === table) ?? (tables[0] as Table);

async function toOneFile(terminal: Terminal, form: string, options: Options, open: () => Writer): Promise<void> {
  await exporting(terminal, form, options, (reading) =>
    writeAll(reading, [open()], options.out === undefined ? undefined : barOf(reading)),
  );
}

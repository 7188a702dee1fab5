import type { EventPage } from '@throughline/core';
import type { NamedPlace } from '@throughline/db';
import { absolute, attributionOf, eventPath, LINKED_DATA_CONTEXT, linkedEvent, type Site } from '@throughline/publish';
import type { Cell, Table } from './tables.ts';
import type { Sink, Writer } from './writer.ts';

const NOTICE =
  'Text: editors of Wikipedia, Portal:Current events, CC BY-SA 4.0; titles and descriptions of articles belong to their publishers.';
const LICENSE_URL = 'https://creativecommons.org/licenses/by-sa/4.0/';

/** One JSON line an event, whole. Each line says whose its text is, in `origin`. */
export const ndjsonWriter = (sink: Sink): Writer =>
  recordWriter(sink, {
    recordsOf: (page) => [page],
    line: (record) => `${JSON.stringify(record)}\n`,
  });

/** RFC 4180: a line of names, then a line a row; lists are JSON. */
export const csvWriter = (sink: Sink, table: Table, site: Site): Writer =>
  recordWriter<Cell[]>(sink, {
    head: lineOf(table.columns.map(({ name }) => name)),
    recordsOf: (page) => table.rows(page, site),
    line: lineOf,
  });

const lineOf = (cells: readonly Cell[]): string => `${cells.map(quoted).join(',')}\r\n`;

function quoted(cell: Cell): string {
  if (cell === undefined) return '';
  const text = typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One JSON-LD document: the Simple Event Model and schema.org. */
export const jsonLdWriter = (sink: Sink, site: Site): Writer =>
  recordWriter(sink, {
    head: `{"@context": ${JSON.stringify(LINKED_DATA_CONTEXT)},\n"license": "${LICENSE_URL}",\n"rights": ${JSON.stringify(NOTICE)},\n"@graph": [\n`,
    recordsOf: (page) => [linkedEvent(page, site)],
    line: (record) => JSON.stringify(record),
    between: ',\n',
    tail: '\n]}\n',
  });

/** RFC 7946: a feature an event whose place is known; the points are those of the places it names. */
export const geoJsonWriter = (sink: Sink, site: Site): Writer =>
  recordWriter<object>(sink, {
    head: `{"type": "FeatureCollection",\n"license": "${LICENSE_URL}",\n"attribution": ${JSON.stringify(NOTICE)},\n"features": [\n`,
    recordsOf: (page, places) => (places.length > 0 ? [featureOf(page, places, site)] : []),
    line: (record) => JSON.stringify(record),
    between: ',\n',
    tail: '\n]}\n',
  });

function featureOf(page: EventPage, places: readonly NamedPlace[], site: Site): object {
  const points = places.map(({ longitude, latitude }) => [longitude, latitude]);
  const { license, url } = attributionOf(page.origin);
  return {
    type: 'Feature',
    id: page.id,
    geometry:
      points.length === 1 ? { type: 'Point', coordinates: points[0] } : { type: 'MultiPoint', coordinates: points },
    properties: {
      day: page.day,
      text: page.text,
      category: page.category,
      places: places.map(({ label }) => label),
      url: absolute(site, eventPath(page.day, page.slug)),
      license,
      attribution: url,
    },
  };
}

interface Form<Record> {
  head?: string;
  recordsOf: (page: EventPage, places: readonly NamedPlace[]) => readonly Record[];
  line: (record: Record) => string;
  between?: string;
  tail?: string;
}

/** Writes text record by record: what comes before, between and behind them is the form's. */
function recordWriter<Record>(
  sink: Sink,
  { head = '', recordsOf, line, between = '', tail = '' }: Form<Record>,
): Writer {
  let begun = false;
  const begin = async (): Promise<void> => {
    if (!begun) await sink.write(head);
    begun = true;
  };
  const writer: Writer = {
    records: 0,
    async write(pages, places) {
      await begin();
      for (const page of pages) {
        for (const record of recordsOf(page, places.get(page.id) ?? [])) {
          await sink.write(`${writer.records > 0 ? between : ''}${line(record)}`);
          writer.records++;
        }
      }
    },
    async end() {
      await begin();
      await sink.write(tail);
      await sink.end();
    },
  };
  return writer;
}

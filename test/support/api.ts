import { readFile } from 'node:fs/promises';
import { addApi, createApp, type ApiOptions } from '@throughline/web';
import type { Database } from '@throughline/db';
import { enrichBehind } from '@throughline/pipeline';
import type { Hono } from 'hono';
import { locateSample, sampleDays } from '../../services/cli/src/sample.ts';
import { siteReader } from '../../services/cli/src/site-reader.ts';
import { reader } from './record.ts';
import { stationOn } from './station.ts';

export const OPERATOR_TOKEN = 'a-token-that-only-operators-know';

/** The bundled sample's days, read and related, without its articles. */
export async function readSample(db: Database): Promise<void> {
  const read = reader(db);
  for (const { day, file } of sampleDays(locateSample())) await read({ day, wikitext: await readFile(file, 'utf8') });
  const { context, close } = await stationOn(db);
  await enrichBehind(context);
  await close();
}

/** The web service with its API over a database; `asked` are the hosts that captures were requested for. */
export function apiOn(
  db: Database,
  options: Partial<ApiOptions> = {},
): { app: Hono; asked: string[]; ending: AbortController } {
  const asked: string[] = [];
  const ending = new AbortController();
  const app = createApp(siteReader(db), {
    publicUrl: 'https://news.example',
    extend: (inner, about) =>
      void addApi(inner, about, {
        db,
        queue: { enqueue: async (requests) => void asked.push(...requests.map(({ key }) => key)) },
        version: '0.0.0',
        now: Date.now,
        ending: ending.signal,
        loopback: true,
        token: OPERATOR_TOKEN,
        ...options,
      }),
  });
  return { app, asked, ending };
}

/**
 * A process that starts or joins the embedded Postgres in a directory, prints
 * `{url, adopted}` (or `{error}`) as a line, and leaves when its input ends.
 * Arguments: the data directory, and `durable` where it matters.
 */
import { startEmbeddedPostgres } from '@throughline/runtime';
import { once } from 'node:events';

const [dataDirectory = '', durable = ''] = process.argv.slice(2);
try {
  const { url, adopted, stop } = await startEmbeddedPostgres({
    dataDirectory,
    log: { info() {} },
    durable: durable !== '',
  });
  process.stdout.write(`${JSON.stringify({ url, adopted })}\n`);
  await once(process.stdin.resume(), 'end');
  await stop();
} catch (error) {
  process.stdout.write(`${JSON.stringify({ error: (error as Error).message })}\n`);
}

import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { CommandError } from '../command-error.ts';

/** The values of a file of JSON lines, plain or gzipped. Throws a `CommandError` with the number of a line that is none. */
export async function* readJsonLines<T>(file: string): AsyncGenerator<T> {
  const bytes = createReadStream(file);
  const input = file.endsWith('.gz') ? bytes.pipe(createGunzip().on('error', (error) => bytes.destroy(error))) : bytes;
  let number = 0;
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    number++;
    if (line === '') continue;
    try {
      yield JSON.parse(line) as T;
    } catch {
      throw new CommandError(`${file}:${number} is no JSON`);
    }
  }
}

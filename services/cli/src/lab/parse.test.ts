import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { labParse } from './parse.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lab-parse-'));
});

afterEach(() => rm(directory, { recursive: true }));

it('writes one line of JSON a day file, in order of day, and passes over other files', async () => {
  await writeFile(join(directory, '2014-05-07.wiki'), '* A ferry runs late.');
  await writeFile(join(directory, '2014-05-06.wiki'), Buffer.from('* Caf\xe9s open.\n* [[Regatta]]', 'latin1'));
  for (const other of ['notes.txt', '2014-02-30.wiki', '2014-05-06.wiki~'])
    await writeFile(join(directory, other), '* x');
  const lines: string[] = [];

  await labParse(directory, (line) => lines.push(line));

  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { day: '2014-05-06', events: [{ text: 'Cafés open.' }], leftovers: ['[[Regatta]]'] },
    { day: '2014-05-07', events: [{ text: 'A ferry runs late.' }], leftovers: [] },
  ]);
});

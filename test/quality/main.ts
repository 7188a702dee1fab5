import { spawnSync } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readDayFiles } from '../../services/cli/src/day-files.ts';
import { floors, type Floor } from './floors.ts';

const USAGE = `usage: npm run quality -- [--shared DIR] [NAME…]

Holds the figures that the scorers measure against the floors reached so far (test/quality/floors.ts).
DIR has data/ and eval/; ../shared unless given. Without it nothing is measured, and that is said.`;

/** What a floor's commands are run with. */
export interface Bench {
  /** The scorers' and data's directory. */
  shared: string;
  /** Runs a \`lab\` command and keeps its lines in a file of that name; resolves with the file. */
  lab: (file: string, ...args: string[]) => Promise<string>;
  /** Runs a scorer with these arguments; its output. */
  score: (scorer: string, ...args: string[]) => string;
  /** A directory with the day files of an archive. */
  days: (archive: string) => Promise<string>;
}

const args = process.argv.slice(2);
if (args.includes('--help')) {
  console.log(USAGE);
  process.exit(0);
}
const at = args.indexOf('--shared');
const given = resolve(at < 0 ? '../shared' : (args[at + 1] ?? ''));
const shared = existsSync(given) ? realpathSync(given) : given; // a scorer compares its own address with its call's
const names = args.filter((_arg, i) => at < 0 || (i !== at && i !== at + 1));

if (!existsSync(join(shared, 'eval'))) {
  console.log(`quality: nothing measured, as there is no ${join(shared, 'eval')}`);
  process.exit(0);
}
const scratch = mkdtempSync(join(tmpdir(), 'throughline-quality-'));
let failed = 0;
let passed = 0;
try {
  for (const floor of floors) {
    if (names.length > 0 && !names.includes(floor.name)) continue;
    for (const line of await measure(floor)) console.log(line);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`quality: ${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

async function measure({ name, figures, least, most = {} }: Floor): Promise<string[]> {
  const measured = await figures({ shared, lab, score, days });
  return [
    ...Object.entries(least).map((bound) => held(bound, '≥')),
    ...Object.entries(most).map((bound) => held(bound, '≤')),
  ];

  function held([figure, bound]: [string, number], sign: '≥' | '≤'): string {
    const value = measured[figure];
    const holds = value !== undefined && (sign === '≥' ? value >= bound : value <= bound);
    if (holds) passed++;
    else failed++;
    return `${holds ? 'ok  ' : 'FAIL'} ${name} ${figure}: ${value ?? 'not measured'} ${sign} ${bound}`;
  }
}

async function lab(file: string, ...command: string[]): Promise<string> {
  const path = join(scratch, file);
  const out = createWriteStream(path);
  await once(out, 'open');
  const cli = resolve('services/cli/dist/main.js');
  const run = spawnSync(process.execPath, [cli, 'lab', ...command], { stdio: ['ignore', out, 'inherit'] });
  out.close();
  if (run.status !== 0) throw new Error(`lab ${command.join(' ')} ended with ${run.status}`);
  return path;
}

function score(scorer: string, ...command: string[]): string {
  const run = spawnSync(process.execPath, [join(shared, 'eval', scorer), ...command], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (run.status !== 0) throw new Error(`${scorer} ended with ${run.status}: ${run.stderr}`);
  return run.stdout;
}

async function days(archive: string): Promise<string> {
  const directory = join(scratch, archive.replace(/\W/g, '-'));
  if (existsSync(directory)) return directory;
  mkdirSync(directory);
  const { files } = await readDayFiles([join(shared, 'data', 'portal', archive)]);
  for (const { day, wikitext } of files) writeFileSync(join(directory, `${day}.wiki`), wikitext);
  return directory;
}

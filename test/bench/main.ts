import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const names = readdirSync(here)
  .filter((file) => file.endsWith('.ts') && file !== 'main.ts')
  .map((file) => file.slice(0, -'.ts'.length))
  .sort();

const [name, ...rest] = process.argv.slice(2);
if (name === '--help' || (name !== undefined && !names.includes(name))) {
  console.log(`usage: npm run bench -- [NAME [ARGUMENTS…]]

Runs one benchmark, or all with what they make themselves. Each prints ratios to a baseline of the same run,
as machines differ. Names: ${names.join(', ')}`);
  process.exit(name === '--help' ? 0 : 2);
}

let failed = 0;
for (const one of name === undefined ? names : [name]) {
  console.log(`\n# ${one}`);
  const tsx = ['--import', 'tsx', '--conditions=source', `${here}${one}.ts`, ...rest];
  if (spawnSync(process.execPath, tsx, { stdio: 'inherit' }).status !== 0) failed++;
}
process.exitCode = failed > 0 ? 1 : 0;

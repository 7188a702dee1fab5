import { writeFileSync } from 'node:fs';
import type { PackedTrees } from '../../../packages/enrich/src/boosted-trees.ts';

/** Writes fitted trees as a module of constants, with the command that makes it. */
export function writeWeights(
  file: URL,
  command: string,
  constants: Record<string, PackedTrees | Record<string, PackedTrees>>,
): void {
  const body = Object.entries(constants).map(
    ([name, value]) => `export const ${name}: ${typeOf(value)} = ${JSON.stringify(value)};\n`,
  );
  const head = `// Fitted by \`${command}\`; not to be edited.\nimport type { PackedTrees } from '../boosted-trees.ts';\n\n`;
  writeFileSync(file, head + body.join('\n'));
}

const typeOf = (value: object): string => ('trees' in value ? 'PackedTrees' : 'Record<string, PackedTrees>');

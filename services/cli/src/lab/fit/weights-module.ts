import type { PackedTrees } from '@throughline/enrich';

/** Fitted trees as a module of constants, with the command that makes it. */
export function weightsModule(
  command: string,
  constants: Record<string, PackedTrees | Record<string, PackedTrees>>,
): string {
  const body = Object.entries(constants).map(
    ([name, value]) => `export const ${name}: ${typeOf(value)} = ${JSON.stringify(value)};\n`,
  );
  return `// Fitted by \`${command}\`; not to be edited.\nimport type { PackedTrees } from '../boosted-trees.ts';\n\n${body.join('\n')}`;
}

const typeOf = (value: object): string => ('trees' in value ? 'PackedTrees' : 'Record<string, PackedTrees>');

import type { PackedClasses, PackedTrees } from '@throughline/enrich';

type Weights = PackedTrees | Record<string, PackedTrees> | PackedClasses;

/** What was fitted as a module of constants, with the command that makes it. */
export function weightsModule(command: string, constants: Record<string, Weights>): string {
  const types = new Set(
    Object.values(constants).map((value) => ('classes' in value ? 'PackedClasses' : 'PackedTrees')),
  );
  const imports = [...types].map((type) => `import type { ${type} } from '${FROM[type]}';\n`);
  const body = Object.entries(constants).map(
    ([name, value]) => `export const ${name}: ${typeOf(value)} = ${JSON.stringify(value)};\n`,
  );
  return `// Fitted by \`${command}\`; not to be edited.\n${imports.join('')}\n${body.join('\n')}`;
}

const FROM = { PackedTrees: '../boosted-trees.ts', PackedClasses: '../entities/likely-type.ts' };

function typeOf(value: Weights): string {
  if ('classes' in value) return 'PackedClasses';
  return 'trees' in value ? 'PackedTrees' : 'Record<string, PackedTrees>';
}

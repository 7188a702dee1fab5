import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseSync, visitorKeys } from 'oxc-parser';

/** The top of the checkout, with a slash at its end. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A package or service of the checkout. */
export interface Workspace {
  /** `core`, `cli`: the folder's name, and the package's without its scope. */
  name: string;
  kind: 'packages' | 'services';
  /** Names of what production needs, from its package.json. */
  dependencies: string[];
  files: SourceFile[];
}

/** A file under `src`, tests left out. */
export interface SourceFile {
  /** From the top of the checkout. */
  path: string;
  /** Static imports, re-exports, and dynamic ones with a literal name. */
  imports: string[];
  tree: Node;
}

/** A node of the syntax tree: ESTree with TypeScript. */
export type Node = { type: string } & Record<string, unknown>;

export const readText = (path: string): string => readFileSync(ROOT + path, 'utf8');

/** Every package and service, in the order of their names, packages first. */
export function workspaces(): Workspace[] {
  return (['packages', 'services'] as const).flatMap((kind) =>
    readdirSync(ROOT + kind)
      .toSorted()
      .map((name) => workspace(kind, name)),
  );
}

function workspace(kind: Workspace['kind'], name: string): Workspace {
  const manifest = JSON.parse(readText(`${kind}/${name}/package.json`)) as Record<string, Record<string, string>>;
  return {
    name,
    kind,
    dependencies: Object.keys({ ...manifest['dependencies'], ...manifest['optionalDependencies'] }),
    files: filesIn(`${kind}/${name}/src`),
  };
}

function filesIn(directory: string): SourceFile[] {
  return readdirSync(ROOT + directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name))
    .toSorted()
    .map((name) => sourceFile(`${directory}/${name}`, readText(`${directory}/${name}`)));
}

/** Reads one file. Throws where it cannot be parsed. */
export function sourceFile(path: string, text: string): SourceFile {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors.map(({ message }) => message).join('; ')}`);
  const tree = program as unknown as Node;
  return { path, imports: [...nodesOf(tree)].flatMap(({ node }) => importedBy(node) ?? []), tree };
}

function importedBy({ type, source, argument }: Node): string | undefined {
  const named = type === 'TSImportType' ? (source ?? argument) : /^(Import|Export)/.test(type) ? source : undefined;
  const value = (named as Node | null | undefined)?.['value'];
  return typeof value === 'string' ? value : undefined;
}

/**
 * Every node below `node`, itself first. `isName` is true for a name that is
 * only the name of a member (`a.process`, `{ process: 1 }`) and refers to nothing.
 */
export function* nodesOf(node: Node, isName = false): Generator<{ node: Node; isName: boolean }> {
  yield { node, isName };
  for (const key of visitorKeys[node.type] ?? []) {
    const child = node[key];
    const named = (key === 'property' || key === 'key') && node['computed'] !== true;
    for (const next of Array.isArray(child) ? child : [child]) {
      if (isNode(next)) yield* nodesOf(next, named);
    }
  }
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

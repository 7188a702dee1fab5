import { program } from '../../services/cli/src/program.ts';

interface Command {
  name(): string;
  readonly commands: readonly Command[];
  readonly options: readonly { long?: string | null | undefined }[];
}

const root: Command = program({
  version: '0',
  out() {},
  error() {},
  progress: process.stderr,
  interrupted: new AbortController().signal,
  exitCode: 0,
});

/** The command line's commands, by name. */
export const commands: ReadonlyMap<string, Command> = new Map(
  root.commands.map((command) => [command.name(), command]),
);

/** What a command line of ours says that the command line does not know: an unknown command or option. */
export function unknownIn(line: string): string[] {
  const words = line.split(/\s+/);
  let at = commands.get(words[0] ?? '');
  if (!at) return words[0]?.startsWith('-') ? [] : [words[0] ?? ''];
  const sub = at.commands.find((command) => command.name() === words[1]);
  at = sub ?? at;
  const known = new Set(['--help', ...at.options.map(({ long }) => long)]);
  return words.flatMap((word) => /^--[a-z-]+/.exec(word) ?? []).filter((option) => !known.has(option));
}

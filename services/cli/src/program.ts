import { Command, CommanderError } from 'commander';
import { ConfigError } from '@throughline/runtime';
import { CommandError, EXIT } from './command-error.ts';
import { backfillCommand } from './commands/backfill.ts';
import { copiesCommand } from './commands/copies.ts';
import { doctorCommand } from './commands/doctor.ts';
import { enrichCommand } from './commands/enrich.ts';
import { exportCommand } from './commands/export.ts';
import { importCommand } from './commands/import.ts';
import { labCommand } from './commands/lab.ts';
import { lookupCommand } from './commands/lookup.ts';
import { mcpCommand } from './commands/mcp.ts';
import { migrateCommand } from './commands/migrate.ts';
import { reextractCommand } from './commands/reextract.ts';
import { relatedCommand } from './commands/related.ts';
import { revisitCommand } from './commands/revisit.ts';
import { runsCommand } from './commands/runs.ts';
import { schedulesCommand } from './commands/schedules.ts';
import { showCommand } from './commands/show.ts';
import { sourceCommand } from './commands/source.ts';
import { startCommand } from './commands/start.ts';
import { submitCommand } from './commands/submit.ts';
import { subscriptionCommand } from './commands/subscription.ts';
import { webCommand } from './commands/web.ts';
import { workerCommand } from './commands/worker.ts';
import type { Terminal } from './terminal.ts';

/** Every command, in the order in which a newcomer needs them: one file and one line each. */
const commands = [
  startCommand,
  workerCommand,
  webCommand,
  importCommand,
  backfillCommand,
  submitCommand,
  sourceCommand,
  lookupCommand,
  revisitCommand,
  copiesCommand,
  reextractCommand,
  enrichCommand,
  runsCommand,
  schedulesCommand,
  showCommand,
  relatedCommand,
  exportCommand,
  subscriptionCommand,
  mcpCommand,
  doctorCommand,
  migrateCommand,
  labCommand,
];

/** The whole command line. Nothing runs before `parseAsync`. */
export function program(terminal: Terminal): Command {
  const root = new Command('throughline')
    .description("The world's news log as a connected, queryable record.")
    .version(terminal.version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.error(text),
      outputError: (text, write) =>
        write(
          `throughline: ${text
            .trim()
            .replace(/^error: /, '')
            .replace(/\n\(?/g, ' (')}; --help says what can be given\n`,
        ),
    })
    .addHelpText('after', AFTER);
  for (const add of commands) add(root, terminal);
  for (const command of root.commands) inherit(command, root);
  return root;
}

const AFTER = `
Settings come from the environment; docs/configuration.md lists them all. Exit codes:
  0 done   1 could not be done   2 wrong command line   3 doctor found something   130 stopped by Ctrl-C`;

function inherit(command: Command, from: Command): void {
  command.copyInheritedSettings(from);
  for (const sub of command.commands) inherit(sub, command);
}

/** Runs one command line; resolves with its exit code. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    await program(terminal).parseAsync([...argv], { from: 'user' });
    return terminal.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (error instanceof CommandError || error instanceof ConfigError) {
      terminal.error(`throughline: ${error.message}\n`);
      return error instanceof CommandError ? error.exitCode : EXIT.usage;
    }
    if (terminal.interrupted.aborted) return EXIT.interrupted;
    terminal.error(`throughline: ${oneLine(error)}\n`);
    return EXIT.failure;
  }
}

function oneLine(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const causes =
    error instanceof AggregateError && !error.message ? error.errors.map(String).join('; ') : error.message;
  return (causes || error.name).split('\n')[0] ?? error.name;
}

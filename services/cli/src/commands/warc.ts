import { createReadStream } from 'node:fs';
import type { Command } from 'commander';
import type { Day } from '@throughline/core';
import type { Span } from '@throughline/db';
import { readWarc, writeWarc } from '@throughline/fetch';
import { importCapture, type Context, type ImportedCapture } from '@throughline/pipeline';
import { progress } from '@throughline/runtime';
import { CommandError } from '../command-error.ts';
import { parseDayArgument } from '../day-argument.ts';
import { withRun, type LiveRun } from '../run.ts';
import type { Terminal } from '../terminal.ts';
import { withContext } from '../with-context.ts';
import { writeFileOf } from '../write-file.ts';

/** `export warc`: what was captured, as other archives keep it. */
export function exportWarcCommand(parent: Command, terminal: Terminal): void {
  parent
    .command('warc')
    .description('what was captured of articles, as a WARC file (ISO 28500) that other archives read')
    .requiredOption('--out <file>', 'where to write; by custom its name ends in .warc.gz')
    .option('--from <day>', 'first day of the events that cite them', parseDayArgument)
    .option('--to <day>', 'last day', parseDayArgument)
    .option('--dry-run', 'say how many captures and bytes there are, and stop')
    .action(async ({ out, from, to, dryRun }: { out: string; from?: Day; to?: Day; dryRun?: boolean }) => {
      await withContext(terminal, async (context, { config }) => {
        const span: Span = { from, to };
        const { snapshots, bytes } = await context.snapshotIndex.count(span);
        if (dryRun) return terminal.out(`${snapshots} captures, ${bytes} bytes\n`);
        const bar = progress({ label: 'export', total: snapshots, unit: 'captures', stream: terminal.progress });
        const lost: string[] = [];
        const packed = packedCaptures(context, span, terminal.interrupted, (hash, isThere) => {
          bar.advance(1);
          if (!isThere) lost.push(hash);
        });
        const info = {
          software: `Throughline/${terminal.version}`,
          ...(config.contact && { operator: config.contact }),
        };
        await writeFileOf(out, writeWarc(new Date(), info, packed));
        bar.done();
        if (terminal.interrupted.aborted) throw new CommandError(`stopped: ${out} is not whole`);
        if (lost.length > 0)
          throw new CommandError(
            `${lost.length} of ${snapshots} captures are not in the snapshot store and are left out, the first: ${lost[0]}`,
          );
      });
    });
}

const AT_ONCE = 200;

async function* packedCaptures(
  { snapshotIndex, snapshots }: Context,
  span: Span,
  interrupted: AbortSignal,
  told: (hash: string, isThere: boolean) => void,
): AsyncGenerator<Uint8Array> {
  for (let after = 0; !interrupted.aborted;) {
    const rows = await snapshotIndex.after(after, AT_ONCE, span);
    if (rows.length === 0) return;
    for (const { id, hash } of rows) {
      if (interrupted.aborted) return;
      const bytes = await snapshots.packed(hash);
      if (bytes) yield bytes;
      told(hash, bytes !== undefined);
      after = id;
    }
  }
}

/** `import warc`: captures made elsewhere, of articles that events cite. */
export function importWarcCommand(parent: Command, terminal: Terminal): void {
  parent
    .command('warc')
    .description('take captures of cited articles from WARC files, gzipped or not, instead of asking for them')
    .argument('<file...>', 'what to read')
    .action(async (files: string[]) => {
      await withContext(terminal, (context) =>
        withRun(context, terminal, 'import-warc', { files }, null, async (run) => {
          const counts: Record<ImportedCapture, number> = {
            kept: 0,
            known: 0,
            'not cited': 0,
            'no page': 0,
            unreadable: 0,
          };
          for (const file of files) await importFile(file, context, run, counts);
          terminal.out(
            `${counts.kept} captures kept, ${counts.known} known already, ${counts['not cited']} that no event cites, ${counts['no page']} without a page${counts.unreadable > 0 ? `, ${counts.unreadable} whose page cannot be read` : ''}\n`,
          );
          return counts;
        }),
      );
    });
}

async function importFile(
  file: string,
  context: Context,
  run: LiveRun,
  counts: Record<ImportedCapture, number>,
): Promise<void> {
  try {
    for await (const capture of readWarc(createReadStream(file))) {
      if (run.signal.aborted) return;
      counts[await importCapture(capture, context)]++;
      await run.report({ finished: Object.values(counts).reduce((sum, count) => sum + count, 0) });
    }
  } catch (error) {
    if (!isOfFile(error)) throw error;
    throw new CommandError(`cannot read ${file}: ${error.message}; what came before is kept`, { cause: error });
  }
}

/** Whether it is the file that is to blame: not there, not to be read, not a WARC, not whole. */
const isOfFile = (error: unknown): error is Error =>
  error instanceof Error &&
  (/WARC/.test(error.message) ||
    /^(?:E(?:NOENT|ISDIR|ACCES|PERM)|Z_|ERR_)/.test((error as NodeJS.ErrnoException).code ?? ''));

import type { Command } from 'commander';
import { pageTitle } from '@throughline/portal';
import {
  batches,
  enrichBehind,
  ingest,
  type Context,
  type EnrichPass,
  type EnrichProgress,
} from '@throughline/pipeline';
import { progress } from '@throughline/runtime';
import { readDayFiles, type DayFile } from '../day-files.ts';
import { withRun, type LiveRun } from '../run.ts';
import type { Terminal } from '../terminal.ts';
import { withContext } from '../with-context.ts';
import { importWarcCommand } from './warc.ts';

const DAYS_AT_ONCE = 25;

export function importCommand(root: Command, terminal: Terminal): void {
  const command = root.command('import');
  importWarcCommand(command, terminal);
  command
    .description(
      'read portal day files from disk: directories, tar archives (.tar, .tar.gz, .tar.xz) or single files named YYYY-MM-DD.wiki',
    )
    .argument('<path...>', 'what to read')
    .option('--no-enrich', 'leave entities and relations to the workers')
    .option('--dry-run', 'say what would be read, and stop')
    .addHelpText(
      'after',
      '\nAll files are read and checked before the first is kept. What is known already, unchanged, is skipped,\nso an import that was stopped goes on where it was when it is called again.',
    )
    .action(async (paths: string[], options: { enrich: boolean; dryRun?: boolean }) => {
      const { files, ignored } = await readDayFiles(paths);
      if (ignored.length > 0)
        terminal.error(
          `${ignored.length} files are not named YYYY-MM-DD.wiki and are left out, the first: ${ignored[0]}\n`,
        );
      const span = `${files.length} days, ${files[0]?.day} to ${files.at(-1)?.day}`;
      if (options.dryRun) return terminal.out(`${span}\n`);
      await withContext(terminal, (context) =>
        withRun(context, terminal, 'import', { paths, span }, files.length, async (run) => {
          const read = await importDays(files, context, terminal, run);
          if (options.enrich && !run.signal.aborted) await enrichAll(context, terminal, run);
          terminal.out(summary(read, files.length));
          return { ...read };
        }),
      );
    });
}

interface Imported {
  days: number;
  unchanged: number;
  events: number;
  alarms: number;
}

async function importDays(
  files: readonly DayFile[],
  context: Context,
  terminal: Terminal,
  run: LiveRun,
): Promise<Imported> {
  const bar = progress({ label: 'import', total: files.length, unit: 'days', stream: terminal.progress });
  const imported: Imported = { days: 0, unchanged: 0, events: 0, alarms: 0 };
  for (const batch of batches(files, DAYS_AT_ONCE)) {
    if (run.signal.aborted) break;
    const pages = batch.map(({ day, wikitext }) => ({ day, title: pageTitle(day), wikitext }));
    const revised = await ingest('portal', pages, context);
    imported.days += revised.pages;
    imported.unchanged += revised.unchanged;
    imported.events += revised.behind.length;
    imported.alarms += revised.alarms.length;
    for (const { day, alarm } of revised.alarms) terminal.error(`${day}: ${alarm}\n`);
    bar.advance(batch.length);
    await run.report({ finished: imported.days + imported.unchanged });
  }
  bar.done();
  return imported;
}

const summary = ({ days, unchanged, events, alarms }: Imported, total: number): string => {
  const rest = total - days - unchanged;
  return `${days} days read, ${events} events new or changed, ${unchanged} days as before${alarms ? `, ${alarms} alarms` : ''}${rest ? `, ${rest} days left: call it again to go on` : ''}\n`;
};

/** Tags, threads and relates whatever is behind, with progress. `told` hears of every batch. */
export async function enrichAll(
  context: Context,
  terminal: Terminal,
  run: LiveRun,
  told: (progress: EnrichProgress) => Promise<void> = () => run.report(),
): Promise<number> {
  const bars = new Map<EnrichPass, { bar: ReturnType<typeof progress>; finished: number }>();
  return enrichBehind(context, {
    signal: run.signal,
    async onProgress(progressed) {
      const { pass, finished, total } = progressed;
      const one = bars.get(pass) ?? { bar: barOf(pass, total, terminal), finished: 0 };
      one.bar.advance(finished - one.finished);
      one.finished = finished;
      bars.set(pass, one);
      if (finished >= total) one.bar.done();
      await told(progressed);
    },
  });
}

const barOf = (pass: EnrichPass, total: number, { progress: stream }: Terminal) =>
  progress({ label: pass, total, unit: pass === 'thread' ? 'days' : 'events', stream });

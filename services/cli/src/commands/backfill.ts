import type { Command } from 'commander';
import { daysBetween, type Day } from '@throughline/core';
import { batches, DAYS_A_JOB, ingest, readPages, type Context } from '@throughline/pipeline';
import { progress } from '@throughline/runtime';
import { planBackfill, type Source } from '@throughline/sources';
import { CommandError } from '../command-error.ts';
import { parseDayArgument } from '../day-argument.ts';
import { liveSources } from '../live-sources.ts';
import { withRun, type LiveRun } from '../run.ts';
import type { Terminal } from '../terminal.ts';
import { withContext } from '../with-context.ts';
import { enrichAll } from './import.ts';

interface Options {
  from: Day;
  to: Day;
  again?: boolean;
  dryRun?: boolean;
}

export function backfillCommand(root: Command, terminal: Terminal): void {
  root
    .command('backfill')
    .description("read days of the portal from Wikipedia's API, 50 a call")
    .requiredOption('--from <day>', 'first day, YYYY-MM-DD; the portal begins in 1999', parseDayArgument)
    .requiredOption('--to <day>', 'last day', parseDayArgument)
    .option('--again', 'read days anew that were read before')
    .option('--dry-run', 'say how many calls it takes and how long, and stop')
    .action(async ({ from, to, again = false, dryRun }: Options) => {
      if (from > to) throw new CommandError(`--from ${from} is later than --to ${to}`);
      const plan = planBackfill(from, to);
      if (dryRun) return terminal.out(`${plan.days} days: ${plan.calls} calls, at least ${plan.seconds} s\n`);
      await withContext(terminal, (context) => fill(context, terminal, { from, to, again }), {
        sources: (config) => liveSources(config, terminal.version),
      });
    });
}

async function fill(
  context: Context,
  terminal: Terminal,
  { from, to, again }: Required<Omit<Options, 'dryRun'>>,
): Promise<void> {
  const source = context.sources.get('portal');
  if (!source) {
    throw new CommandError(
      'set THROUGHLINE_CONTACT to an e-mail address or URL where you can be reached: Wikipedia refuses programs that do not say who runs them',
    );
  }
  const known = again ? new Map<Day, number>() : await context.pages.readTimes('portal', from, to);
  const days = [...daysBetween(from, to)].filter((day) => !known.has(day));
  await withRun(context, terminal, 'backfill', { from, to }, days.length, (run) =>
    read(source, days, context, terminal, run),
  );
}

async function read(source: Source, days: readonly Day[], context: Context, terminal: Terminal, run: LiveRun) {
  const bar = progress({ label: 'backfill', total: days.length, unit: 'days', stream: terminal.progress });
  const facts = { pages: 0, missing: 0, failed: 0, events: 0 };
  let [finished, requests] = [0, 0];
  for (const batch of batches(days, DAYS_A_JOB)) {
    if (run.signal.aborted) break;
    const found = await readPages(source, batch, context, new AbortController().signal);
    requests++;
    const revised = await ingest(source.name, found.pages, context);
    facts.pages += found.facts.pages;
    facts.missing += found.facts.missing;
    facts.failed += found.facts.failed;
    facts.events += revised.behind.length;
    finished += batch.length;
    bar.advance(batch.length);
    await run.report({ finished, requests });
  }
  bar.done();
  if (!run.signal.aborted) await enrichAll(context, terminal, run);
  terminal.out(
    `${facts.pages} days read, ${facts.events} events new or changed, ${facts.missing} days without a page, ${facts.failed} failed\n`,
  );
  if (facts.failed > 0)
    throw new CommandError(
      `${facts.failed} days could not be read: \`throughline doctor\` says why; call it again to try them once more`,
    );
  return facts;
}

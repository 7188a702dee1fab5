import type { Command } from 'commander';
import { batches, rereadArticle, type Context, type Reread } from '@throughline/pipeline';
import { progress } from '@throughline/runtime';
import { withRun, type LiveRun } from '../run.ts';
import type { Terminal } from '../terminal.ts';
import { withContext } from '../with-context.ts';

interface Options {
  fromStart?: boolean;
  dryRun?: boolean;
}

const CURSOR = 'reextract';
const AT_ONCE = 50;
/** Articles that are read side by side, so that each of the reader's threads has one at hand. */
const ABREAST = 4;

export function reextractCommand(root: Command, terminal: Terminal): void {
  root
    .command('reextract')
    .description('read metadata and text of all captured articles anew from their snapshots, without one request')
    .option('--from-start', 'begin anew where an earlier call was stopped')
    .option('--dry-run', 'say how many articles there are, and stop')
    .action(async ({ fromStart = false, dryRun = false }: Options) => {
      await withContext(terminal, async (context) => {
        const after = fromStart ? 0 : Number((await context.cursors.get(CURSOR)) ?? 0);
        const total = await context.snapshotIndex.articles(after);
        if (dryRun) return terminal.out(`${total} articles with snapshots${after > 0 ? ' are left' : ''}\n`);
        await withRun(context, terminal, 'reextract', { after }, total, (run) =>
          readAll(context, terminal, after, total, run),
        );
      });
    });
}

async function readAll(context: Context, terminal: Terminal, start: number, total: number, run: LiveRun) {
  const counts: Record<Reread, number> = {
    changed: 0,
    same: 0,
    'no page': 0,
    unreadable: 0,
    missing: 0,
    damaged: 0,
  };
  const bar = progress({ label: 'reextract', total, unit: 'articles', stream: terminal.progress });
  let finished = 0;
  for (let after = start; !run.signal.aborted;) {
    const batch = await context.snapshotIndex.ofArticles(after, AT_ONCE);
    if (batch.length === 0) break;
    for (const few of batches(batch, ABREAST)) {
      const endings = await Promise.all(few.map(({ snapshots }) => rereadArticle(snapshots, context)));
      for (const ending of endings) counts[ending]++;
    }
    after = batch.at(-1)?.articleId ?? after;
    finished += batch.length;
    bar.advance(batch.length);
    await context.cursors.set(CURSOR, String(after));
    await run.report({ finished });
  }
  bar.done();
  if (!run.signal.aborted) await context.cursors.forget(CURSOR);
  terminal.out(summary(counts, total - finished));
  return counts;
}

function summary(counts: Record<Reread, number>, left: number): string {
  const facts = [
    `${counts.changed} articles read otherwise than before`,
    `${counts.same} as before`,
    counts['no page'] > 0 && `${counts['no page']} without a page`,
    counts.unreadable > 0 && `${counts.unreadable} whose page cannot be read`,
    counts.missing > 0 && `${counts.missing} whose snapshot is not there`,
    counts.damaged > 0 && `${counts.damaged} whose snapshot is damaged`,
    left > 0 && `${left} left: call it again to go on`,
  ];
  return `${facts.filter(Boolean).join(', ')}\n`;
}

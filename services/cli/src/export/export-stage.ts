import { join } from 'node:path';
import { exportJob, type Context } from '@throughline/pipeline';
import { defineStage, done, skip, type Stage } from '@throughline/queue';
import type { Config } from '@throughline/runtime';
import { CommandError } from '../command-error.ts';
import type { Station } from '../station.ts';
import type { Terminal } from '../terminal.ts';
import { exportSnapshot } from './snapshot.ts';
import { exportRun } from './walk.ts';

/** Where a worker writes what it exports, below the directory of the settings. */
const SNAPSHOT = 'snapshot';

/** Nobody looks at a worker's progress bars: its runs are on the dashboard. */
const NOWHERE = { write: () => true };

/**
 * export: the record → a snapshot in `THROUGHLINE_EXPORT`, in every form, as a
 * run. Written anew each time; a directory without a manifest is not whole.
 */
export function exportStage(
  { db }: Pick<Station, 'db'>,
  { exportDirectory, publicUrl, hub }: Pick<Config, 'exportDirectory' | 'publicUrl' | 'hub'>,
  terminal: Terminal,
): Stage<Record<string, never>, Context> {
  return defineStage(exportJob, async (_payload, { runs }: Context, signal, closing) => {
    if (exportDirectory === undefined) return skip('THROUGHLINE_EXPORT names no directory to write to');
    const out = join(exportDirectory, SNAPSHOT);
    const here = { ...terminal, progress: NOWHERE, interrupted: AbortSignal.any([signal, closing]) };
    try {
      const place = { db, runs, hub };
      await exportRun(place, here, 'snapshot', {}, (reading) =>
        exportSnapshot(reading, { out, url: publicUrl ?? 'http://localhost' }),
      );
    } catch (error) {
      if (error instanceof CommandError) return skip(error.message);
      throw error;
    }
    return done([], { stopped: here.interrupted.aborted ? 1 : 0 });
  });
}

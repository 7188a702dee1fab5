import type { Command } from 'commander';
import { migrate } from '@throughline/db';
import { createLog, loadConfig } from '@throughline/runtime';
import { openStation } from '../station.ts';
import type { Terminal } from '../terminal.ts';

export function migrateCommand(root: Command, terminal: Terminal): void {
  root
    .command('migrate')
    .description('bring the database up to the newest schema; every other command does it too')
    .action(async () => {
      const config = loadConfig(terminal.env);
      const station = await openStation(config, createLog({ level: config.logLevel }), { migrated: false });
      try {
        const ran = await migrate(station.db);
        terminal.out(ran.length > 0 ? `ran ${ran.join(', ')}\n` : 'the schema is up to date\n');
      } finally {
        await station.close();
      }
    });
}

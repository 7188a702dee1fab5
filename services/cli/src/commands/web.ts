import type { Command } from 'commander';
import { createLog, loadConfig } from '@throughline/runtime';
import { startWeb } from '@throughline/web';
import { EXIT } from '../command-error.ts';
import { openDashboard } from '../dashboard.ts';
import { siteReader } from '../site-reader.ts';
import { openStation } from '../station.ts';
import { untilInterrupted, type Terminal } from '../terminal.ts';

export function webCommand(root: Command, terminal: Terminal): void {
  root
    .command('web')
    .description('serve the site; reads the database only')
    .action(async () => {
      const config = loadConfig(terminal.env);
      const log = createLog({ level: config.logLevel });
      const station = await openStation(config, log);
      try {
        const { host, port, publicUrl, hub } = config;
        const where = { host, port, ...(publicUrl !== undefined && { publicUrl }), ...(hub !== undefined && { hub }) };
        const dashboard = await openDashboard(station, config, log, terminal.version);
        try {
          const { extend } = dashboard;
          const web = await startWeb({ reader: siteReader(station.db), log, extend, ...where });
          terminal.out(`${web.url}/\n`);
          await untilInterrupted(terminal);
          dashboard.end();
          await web.close();
        } finally {
          await dashboard.close();
        }
      } finally {
        await station.close();
      }
      terminal.exitCode = EXIT.ok;
    });
}

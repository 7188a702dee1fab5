import type { Command } from 'commander';
import { createLog, loadConfig } from '@throughline/runtime';
import { apiContext, serveMcpOnStdio, siteOf } from '@throughline/web';
import { openStation } from '../station.ts';
import type { Terminal } from '../terminal.ts';

export function mcpCommand(root: Command, terminal: Terminal): void {
  root
    .command('mcp')
    .description(
      'answer a language model over standard input and output (Model Context Protocol); reads the database only',
    )
    .addHelpText('after', '\nThe web service answers the same over HTTP, at /mcp.')
    .action(async () => {
      const config = loadConfig(terminal.env);
      const station = await openStation(config, createLog({ level: config.logLevel }));
      try {
        const site = siteOf({ publicUrl: config.publicUrl ?? `http://${config.host}:${config.port}` });
        const context = apiContext({ db: station.db, queue: { enqueue: async () => {} }, now: Date.now }, site);
        await serveMcpOnStdio(context, terminal.version, terminal.interrupted);
      } finally {
        await station.close();
      }
    });
}

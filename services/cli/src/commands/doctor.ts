import type { Command } from 'commander';
import { createLog, loadConfig, usableDirectory, type Config, type Log } from '@throughline/runtime';
import { openQueue } from '@throughline/queue';
import { jobs } from '@throughline/pipeline';
import { EXIT } from '../command-error.ts';
import { siteReader } from '../site-reader.ts';
import { openStation, type Station } from '../station.ts';
import type { Terminal } from '../terminal.ts';

interface Finding {
  name: string;
  ok: boolean;
  says: string;
}

export function doctorCommand(root: Command, terminal: Terminal): void {
  root
    .command('doctor')
    .description('check everything this installation needs; exit code 3 where something needs a person')
    .action(async () => {
      const config = loadConfig(terminal.env);
      const log = createLog({ level: config.logLevel });
      const findings = [
        nodeVersion(),
        await check('data directory', () => usableDirectory(config.dataDirectory)),
        contact(config),
      ];
      const station = await openStation(config, log).catch((error: Error) => error);
      if (station instanceof Error) findings.push({ name: 'database', ok: false, says: station.message });
      else findings.push(...(await withStation(station, config, log)));
      for (const { name, ok, says } of findings) terminal.out(`${ok ? 'ok  ' : 'FAIL'}  ${name.padEnd(16)}${says}\n`);
      if (findings.some(({ ok }) => !ok)) terminal.exitCode = EXIT.unhealthy;
    });
}

async function withStation(station: Station, config: Config, log: Log): Promise<Finding[]> {
  try {
    return [
      { name: 'database', ok: true, says: station.embedded ? 'embedded Postgres' : 'DATABASE_URL' },
      await check('queue', () => queueState(station, config, log)),
      ...(await contentState(station)),
    ];
  } finally {
    await station.close();
  }
}

async function queueState(station: Station, config: Config, log: Log): Promise<string> {
  const queue = await openQueue({ url: config.redisUrl ?? station.databaseUrl, jobs, log });
  try {
    const counts = Object.entries(await queue.counts());
    const said = counts.map(
      ([job, { waiting, active, failed, paused }]) =>
        `${job} ${waiting}+${active}${failed ? ` (${failed} failed)` : ''}${paused ? ' PAUSED' : ''}`,
    );
    return `${config.redisUrl ? 'Redis' : 'Postgres'}: ${said.join(', ')} (waiting+active)`;
  } finally {
    await queue.close();
  }
}

async function contentState({ db }: Station): Promise<Finding[]> {
  const health = await siteReader(db).health();
  const alarms = health.alarms as { day: string; alarm: string | null; failure: string | null }[];
  return [
    { name: 'events', ok: true, says: JSON.stringify(health.events) },
    { name: 'behind', ok: true, says: `${String(health.behind)} events to enrich` },
    { name: 'articles', ok: true, says: JSON.stringify(health.articles) },
    ...alarms.map(({ day, alarm, failure }) => ({ name: `page ${day}`, ok: false, says: alarm ?? failure ?? '' })),
  ];
}

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  return {
    name: 'node',
    ok,
    says: ok ? process.versions.node : `${process.versions.node} is too old: 20.19 or later is needed`,
  };
}

const contact = ({ contact: who }: Config): Finding => ({
  name: 'contact',
  ok: true,
  says: who ?? 'THROUGHLINE_CONTACT is not set: nothing is read live',
});

async function check(name: string, look: () => Promise<string>): Promise<Finding> {
  try {
    return { name, ok: true, says: await look() };
  } catch (error) {
    return { name, ok: false, says: error instanceof Error ? error.message : String(error) };
  }
}

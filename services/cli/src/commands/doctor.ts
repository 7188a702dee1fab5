import type { Command } from 'commander';
import { lightsOf, type Level } from '@throughline/core';
import { createLog, loadConfig, usableDirectory, type Config, type Log } from '@throughline/runtime';
import { openQueue, type Backend } from '@throughline/queue';
import { healthFacts, jobs } from '@throughline/pipeline';
import { EXIT } from '../command-error.ts';
import { operationOf } from '../dashboard.ts';
import { siteReader } from '../site-reader.ts';
import { openStation, type Station } from '../station.ts';
import type { Terminal } from '../terminal.ts';

interface Finding {
  name: string;
  ok: boolean;
  says: string;
  /** The word before it where it is neither well nor ill. */
  word?: string;
}

const WORDS: Readonly<Record<Level, string>> = { good: 'ok', watch: 'look', bad: 'FAIL', off: 'off' };

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
      for (const { name, ok, says, word = ok ? 'ok' : 'FAIL' } of findings) {
        terminal.out(`${word.padEnd(4)}  ${name.padEnd(16)}${says}\n`);
      }
      if (findings.some(({ ok }) => !ok)) terminal.exitCode = EXIT.unhealthy;
    });
}

async function withStation(station: Station, config: Config, log: Log): Promise<Finding[]> {
  try {
    return [
      { name: 'database', ok: true, says: station.embedded ? 'embedded Postgres' : 'DATABASE_URL' },
      ...(await queueAndLights(station, config, log)),
      ...(await contentState(station)),
    ];
  } finally {
    await station.close();
  }
}

async function queueAndLights(station: Station, config: Config, log: Log): Promise<Finding[]> {
  const queue = await openQueue({ url: config.redisUrl ?? station.databaseUrl, jobs, log }).catch(
    (error: Error) => error,
  );
  if (queue instanceof Error) return [{ name: 'queue', ok: false, says: queue.message }];
  try {
    return [await check('queue', () => queueState(queue, config)), ...(await lights(station, config, queue))];
  } finally {
    await queue.close();
  }
}

async function queueState(queue: Backend, config: Config): Promise<string> {
  const counts = Object.entries(await queue.counts());
  const said = counts.map(
    ([job, { waiting, active, failed, paused }]) =>
      `${job} ${waiting}+${active}${failed ? ` (${failed} failed)` : ''}${paused ? ' PAUSED' : ''}`,
  );
  return `${config.redisUrl ? 'Redis' : 'Postgres'}: ${said.join(', ')} (waiting+active)`;
}

/** What stands still where nothing is read live and no worker was left running: nobody means it to work now. */
const OF_WORK = new Set(['stages', 'workers', 'schedules']);

/** The lights of the dashboard. */
async function lights(station: Station, config: Config, queue: Backend): Promise<Finding[]> {
  const facts = await healthFacts(operationOf(station, config, queue));
  const isIdle = !facts.live && facts.workers.length === 0;
  return lightsOf(facts).map(({ name, level, says }) => {
    const told = isIdle && level !== 'good' && OF_WORK.has(name) ? 'off' : level;
    return { name: `light ${name}`, ok: told !== 'bad', says, word: WORDS[told] };
  });
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

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { SETTINGS } from '@throughline/runtime';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { commands } from './support/commands.ts';
import { serveOnLoopback } from './support/loopback.ts';
import { readText } from './support/source-code.ts';

const run = promisify(execFile);

interface Service {
  image: string;
  build?: { context: string; dockerfile: string };
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  restart?: string;
  healthcheck?: { test?: string[]; disable?: boolean };
  depends_on?: Record<string, { condition: string }>;
  cap_drop?: string[];
  read_only?: boolean;
}

const compose = parse(readText('docker-compose.yml'), { merge: true }) as {
  services: Record<'postgres' | 'redis' | 'migrate' | 'worker' | 'web', Service>;
  volumes: Record<string, unknown>;
};
const { services } = compose;
const ours = [services.migrate, services.worker, services.web];
/** The instructions of the Dockerfile's last stage, lines that go on put together. */
const image = readText('infra/Dockerfile')
  .replace(/\\\n/g, ' ')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line): [string, string] => [line.split(/\s/, 1)[0] ?? '', line.replace(/^\S+\s+/, '')]);
const lastStage = image.slice(image.findLastIndex(([instruction]) => instruction === 'FROM'));
const instruction = (name: string): string => lastStage.find(([found]) => found === name)?.[1] ?? '';

describe('docker-compose.yml', () => {
  it('has Postgres, Redis, a migration, workers and the site', () => {
    expect(Object.keys(services)).toEqual(['postgres', 'redis', 'migrate', 'worker', 'web']);
  });

  it('runs commands that the command line has, from one image', () => {
    for (const { command, image: name, build } of ours) {
      expect([...commands.keys()]).toContain(command?.[0]);
      expect(command).toHaveLength(1);
      expect({ name, build }).toEqual({ name: services.web.image, build: services.web.build });
    }
    expect(services.web.build?.dockerfile).toBe('infra/Dockerfile');
  });

  it('sets only settings that there are', () => {
    const known = new Set(SETTINGS.map(({ name }) => name));
    for (const { environment } of ours) {
      expect(Object.keys(environment ?? {}).filter((name) => !known.has(name))).toEqual([]);
    }
    expect(services.web.environment?.['PUBLIC_URL']).toBe('${PUBLIC_URL:-}');
    expect(services.worker.environment?.['THROUGHLINE_CONTACT']).toBe('${THROUGHLINE_CONTACT:-}');
  });

  it('holds no secret, and does not start without a password', () => {
    const required = /^\$\{POSTGRES_PASSWORD:\?[^}]+\}$/;
    expect(services.postgres.environment?.['POSTGRES_PASSWORD']).toMatch(required);
    for (const { environment } of ours) {
      const password = /^postgres:\/\/throughline:(\$\{.*\})@postgres:5432\/throughline$/;
      expect(password.exec(environment?.['DATABASE_URL'] ?? '')?.[1]).toMatch(required);
    }
    expect(services.worker.environment?.['THROUGHLINE_WEBHOOK_SECRET']).toBe('${THROUGHLINE_WEBHOOK_SECRET:-}');
  });

  it('keeps the queue: Redis evicts nothing and writes down everything', () => {
    const command = services.redis.command?.join(' ');
    expect(command).toContain('--maxmemory-policy noeviction');
    expect(command).toContain('--appendonly yes');
    expect(services.redis.volumes).toEqual(['redis:/data']);
  });

  it('starts workers and site when the schema is there', () => {
    for (const { depends_on: needs } of [services.worker, services.web])
      expect(needs?.['migrate']).toEqual({ condition: 'service_completed_successfully' });
    expect(services.worker.depends_on?.['redis']).toEqual({ condition: 'service_healthy' });
    expect(services.migrate.depends_on?.['postgres']).toEqual({ condition: 'service_healthy' });
    expect(services.migrate.restart).toBe('no');
  });

  it('asks after the health of whatever listens', () => {
    expect(services.postgres.healthcheck?.test?.[1]).toBe('pg_isready');
    expect(services.redis.healthcheck?.test?.slice(1)).toEqual(['redis-cli', 'ping']);
    expect(services.web.healthcheck).toBeUndefined();
    expect(services.worker.healthcheck).toEqual({ disable: true });
  });

  it('opens the site to this machine alone unless told otherwise, and nothing else at all', () => {
    const open = Object.entries(services).filter(([, { ports }]) => ports);
    expect(open.map(([name, { ports }]) => [name, ports])).toEqual([
      ['web', ['${HOST:-127.0.0.1}:${PORT:-8400}:8400']],
    ]);
  });

  it('gives no rights that are not needed, and declares every volume', () => {
    for (const service of ours) expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
    const used = Object.values(services).flatMap(({ volumes = [] }) => volumes.map((volume) => volume.split(':')[0]));
    expect(new Set(used)).toEqual(new Set(Object.keys(compose.volumes)));
  });
});

describe('the image', () => {
  it('runs as nobody special, on a Node that the packages allow', () => {
    expect(instruction('USER')).toBe('node');
    const { engines } = JSON.parse(readText('package.json')) as { engines: { node: string } };
    const least = Number(/\d+/.exec(engines.node)?.[0]);
    const majors = image
      .filter(([name]) => name === 'FROM')
      .map(([, from]) => Number(/^node:(\d+)-slim/.exec(from)?.[1]));
    expect(majors).toHaveLength(2);
    for (const major of majors) expect(major).toBeGreaterThanOrEqual(least);
  });

  it('starts the command that the cli package names', () => {
    const { bin } = JSON.parse(readText('services/cli/package.json')) as { bin: Record<string, string> };
    expect(JSON.parse(instruction('ENTRYPOINT'))).toEqual(Object.keys(bin));
  });

  it('is healthy when /healthz answers 200, and not when it answers anything else or nothing', async () => {
    const [, command = ''] = /CMD\s+(\[.*\])\s*$/.exec(instruction('HEALTHCHECK')) ?? [];
    const [node, ...options] = JSON.parse(command) as string[];
    expect(node).toBe('node');
    const exitCode = (port: number) =>
      run(process.execPath, options, { env: { PORT: String(port) } }).then(
        () => 0,
        ({ code }: { code: number }) => code,
      );
    let port: number;
    {
      await using well = await serveOnLoopback({ '/healthz': '{"ok":true}' });
      await using ill = await serveOnLoopback({ '/healthz': (_, response) => void response.writeHead(503).end() });
      port = well.port;
      expect(await exitCode(well.port)).toBe(0);
      expect(await exitCode(ill.port)).toBe(1);
    }
    expect(await exitCode(port)).toBe(1);
  });

  it('is built without what it does not need, but with every workspace that the lockfile knows', () => {
    const lines = readText('.dockerignore').split('\n');
    for (const name of ['.git', '**/node_modules', '**/dist', 'data']) expect(lines).toContain(name);
    expect(lines.indexOf('!test/package.json')).toBeGreaterThan(lines.indexOf('test/*'));
  });
});

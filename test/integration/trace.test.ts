import { Day, type EventId } from '@throughline/core';
import { subscriptionStore } from '@throughline/db';
import { discoverJob, sweepJob } from '@throughline/pipeline';
import { request } from '@throughline/queue';
import { loadConfig, openTrace } from '@throughline/runtime';
import { fileSource } from '@throughline/sources';
import { testDatabase } from '@throughline/test';
import { serveOnLoopback } from '@throughline/test/loopback';
import { stationOn, untilDone, workOn } from '@throughline/test/station';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { locateSample, sampleDays, startReplayServer, type ReplayServer } from '../../services/cli/src/sample.ts';

interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: { stringValue?: string } }[];
  links: { traceId: string; spanId: string }[];
}

interface Export {
  resourceSpans: { resource: { attributes: Span['attributes'] }; scopeSpans: { spans: Span[] }[] }[];
}

const DAY = Day.parse('2017-01-30');
let replay: ReplayServer;

beforeAll(async () => {
  replay = await startReplayServer(locateSample());
});
afterAll(() => replay.close());
afterEach(() => void vi.unstubAllEnvs());

/** A collector that takes traces as OTLP over HTTP in JSON. */
async function collector() {
  const exports: Export[] = [];
  const server = await serveOnLoopback({
    '/v1/traces': async (incoming, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      exports.push(JSON.parse(Buffer.concat(chunks).toString()) as Export);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    },
    '/hook': async (incoming, response) => {
      for await (const _ of incoming);
      response.writeHead(204).end();
    },
  });
  const spans = () =>
    exports.flatMap(({ resourceSpans }) =>
      resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((one) => one.spans)),
    );
  return { server, exports, spans };
}

/** Takes one day of the sample through every stage, told to the collector by what the environment says. */
async function pipelineWith(env: Record<string, string>, origin: string) {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value); // the exporter reads them itself
  const { db, drop } = await testDatabase();
  const files = new Map(sampleDays(locateSample()).map(({ day, file }) => [day, file]));
  const { context, close } = await stationOn(db, { sources: [fileSource('portal', files)], replay });
  const trace = openTrace(loadConfig(env).traces, '1.2.3');
  await subscriptionStore(db).ensure(`${origin}/hook`, 'a secret of enough letters');
  const { queue, worker, finished } = await workOn({ ...context, trace });
  try {
    await untilDone(queue, context, [request(discoverJob, { source: 'portal', days: [DAY] })]);
    await untilDone(queue, context, [request(sweepJob, {})]); // which finds the subscriber behind
    const { rows } = await sql<{ id: EventId }>`select e.id from event e join event_source s on s.event_id = e.id
      join article a on a.id = s.article_id where e.day = ${DAY} and a.state = 'ok' order by e.id limit 1`.execute(db);
    const events = await sql<{ all: number }>`select count(*)::int as all from event`.execute(db);
    return { event: rows[0]?.id as EventId, all: events.rows[0]?.all ?? 0, finished };
  } finally {
    await worker.close();
    await close();
    await drop();
  }
}

describe('traces', () => {
  it('have one for each event, over all its stages, linked to the jobs that did them', async () => {
    const { server, exports, spans } = await collector();
    await using _ = server;
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: server.origin,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_SERVICE_NAME: 'the-news',
    };
    const { event } = await pipelineWith(env, server.origin);
    const own = spans().filter(({ traceId }) => traceId === event.replaceAll('-', ''));
    const stagesMet = [...new Set(own.map(({ name }) => name))].toSorted();
    expect(stagesMet).toEqual(['capture', 'deliver', 'discover', 'event', 'relate', 'tag', 'thread']);
    const [root] = own.filter(({ name }) => name === 'event');
    expect(root?.parentSpanId ?? '').toBe('');
    const stages = own.filter(({ name }) => name !== 'event');
    expect(new Set(stages.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set([root?.spanId]));
    const jobs = new Map(spans().map((span) => [`${span.traceId} ${span.spanId}`, span.name]));
    for (const { name, links, startTimeUnixNano, endTimeUnixNano } of stages) {
      const stage = name === 'tag' || name === 'relate' ? 'enrich' : name;
      expect(links.map((link) => jobs.get(`${link.traceId} ${link.spanId}`))).toEqual([stage]);
      expect(BigInt(endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(startTimeUnixNano));
    }
    const said = exports[0]?.resourceSpans[0]?.resource.attributes ?? [];
    expect(said).toContainEqual({ key: 'service.name', value: { stringValue: 'the-news' } });
    expect(said).toContainEqual({ key: 'service.version', value: { stringValue: '1.2.3' } });
  });

  it('are kept whole or not at all where only a share is', async () => {
    const { server, spans } = await collector();
    await using _ = server;
    const { all } = await pipelineWith(
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: server.origin,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
        OTEL_TRACES_SAMPLER_ARG: '0.5',
      },
      server.origin,
    );
    const ofEvents = spans().filter(({ attributes }) => attributes.some(({ key }) => key === 'throughline.event'));
    const kept = new Set(ofEvents.map(({ traceId }) => traceId));
    expect(kept.size).toBeGreaterThan(0);
    expect(kept.size).toBeLessThan(all);
    for (const id of kept) {
      const names = ofEvents.filter(({ traceId }) => traceId === id).map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(['event', 'discover', 'relate']));
    }
  });

  it.each([
    ['nothing is set', {}],
    ['they are switched off', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318', OTEL_SDK_DISABLED: 'true' }],
    ['none are wanted', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318', OTEL_TRACES_EXPORTER: 'none' }],
  ])('are off where %s', async (_, env) => {
    const trace = openTrace(loadConfig(env).traces, '1');
    expect(trace.isOn).toBe(false);
    expect(await trace.job('sweep', 'sweep', () => Promise.resolve(3))).toBe(3);
    await trace.close();
  });

  it('hold nobody up where no collector answers', async () => {
    const { finished } = await pipelineWith(
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_EXPORTER_OTLP_TIMEOUT: '200' },
      'http://127.0.0.1:9',
    );
    expect(finished.filter(({ stage, outcome }) => stage === 'enrich' && outcome.kind === 'failed')).toEqual([]);
  });

  it('hold no job up where their libraries cannot be loaded, and that is said once', async () => {
    const errors: unknown[] = [];
    const missing = new Error('Cannot find package @opentelemetry/api');
    const trace = openTrace(loadConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }).traces, '1', {
      load: () => Promise.reject(missing),
      onError: (error) => errors.push(error),
    });
    expect(await trace.job('sweep', 'sweep', () => Promise.resolve(3))).toBe(3);
    await expect(trace.job('sweep', 'sweep', () => Promise.reject(new Error('its own')))).rejects.toThrow('its own');
    trace.events('tag', ['0198a4f0-0000-7000-8000-000000000001'], 0);
    await trace.close();
    expect(errors).toEqual([missing]);
  });

  it('are refused where a variable is wrong', () => {
    expect(() => loadConfig({ OTEL_TRACES_SAMPLER: 'sometimes' })).toThrow(
      /OTEL_TRACES_SAMPLER="sometimes": not one of always_on/,
    );
    expect(() => loadConfig({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' })).toThrow(/not one of http\/protobuf, http\/json/);
  });
});

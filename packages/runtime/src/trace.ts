import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import type { Attributes, Span, SpanContext, Tracer } from '@opentelemetry/api';
import type * as Sdk from '@opentelemetry/sdk-trace';
import type { Sampler, SpanExporter } from '@opentelemetry/sdk-trace';

/** What the standard variables of OpenTelemetry say of traces. */
export interface TraceConfig {
  exporter: 'otlp' | 'console';
  protocol: 'http/protobuf' | 'http/json';
  serviceName: string;
  sampler: SamplerName;
  /** Of a sampler by ratio, the share that is kept: 0..1. */
  ratio: number;
  /** How long spans wait for others to be sent with. */
  delayMs: number;
}

export const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;
export type SamplerName = (typeof SAMPLERS)[number];

/**
 * Where it is told what was done, when, and how long it took. A job has a trace
 * of its own. An event has one as well, from its first stage to its last, in
 * whatever process and by whatever queue: the trace's id is the event's, its
 * UUID without hyphens.
 */
export interface Trace {
  /** Whether anybody listens; what is only needed for a trace is not asked for otherwise. */
  readonly isOn: boolean;
  /** Does a job's work in a span of its own; how it ends is what the work gives, or throws. */
  job<T>(stage: string, key: string, work: () => Promise<T>): Promise<T>;
  /** Says that `stage` was done for the events, from `since` (milliseconds since the epoch) until now. `fresh` are seen for the first time. */
  events(
    stage: string,
    events: readonly string[],
    since: number,
    told?: { fresh?: readonly string[]; attributes?: Attributes },
  ): void;
  /** Sends what was not sent yet. */
  close(): Promise<void>;
}

export const NO_TRACE: Trace = {
  isOn: false,
  job: (_stage, _key, work) => work(),
  events() {},
  close: () => Promise.resolve(),
};

export interface TraceOptions {
  /** Told once where the libraries cannot be loaded; the work goes on untold. */
  onError?: (error: unknown) => void;
  load?: (config: TraceConfig, version: string) => Promise<Loaded>;
}

/** What is told goes by OTLP over HTTP, or to standard output. The libraries for it are loaded here, and nowhere where traces are off. */
export function openTrace(
  config: TraceConfig | undefined,
  version: string,
  { onError = () => {}, load = loadSdk }: TraceOptions = {},
): Trace {
  if (config === undefined) return NO_TRACE;
  const loading = load(config, version).catch((error: unknown) => {
    onError(error);
    return undefined;
  });
  const current = new AsyncLocalStorage<Span>();
  return {
    isOn: true,
    async job(stage, key, work) {
      const loaded = await loading;
      if (loaded === undefined) return work();
      const span = loaded.tracer.startSpan(stage, {
        root: true,
        attributes: { 'throughline.stage': stage, 'throughline.key': key },
      });
      try {
        return await current.run(span, work);
      } catch (error) {
        span.recordException(error instanceof Error ? error : String(error));
        span.setStatus({ code: FAILED, message: error instanceof Error ? error.message : String(error) });
        throw error;
      } finally {
        span.end();
      }
    },
    events(stage, events, since, { fresh = [], attributes = {} } = {}) {
      const job = current.getStore()?.spanContext();
      const until = Date.now();
      const isFresh = new Set(fresh);
      void loading
        .then((loaded) => {
          for (const event of new Set([...events, ...fresh]))
            loaded?.span({ stage, event, since, until, isFirst: isFresh.has(event), job, attributes });
        })
        .catch(() => {});
    },
    async close() {
      await (await loading)?.close();
    },
  };
}

/** `SpanStatusCode.ERROR`. */
const FAILED = 2;

interface Told {
  stage: string;
  event: string;
  since: number;
  until: number;
  isFirst: boolean;
  job: SpanContext | undefined;
  attributes: Attributes;
}

export interface Loaded {
  tracer: Tracer;
  /** One span in the trace of an event. */
  span: (told: Told) => void;
  close: () => Promise<void>;
}

async function loadSdk(config: TraceConfig, version: string): Promise<Loaded> {
  const [
    api,
    sdk,
    { resourceFromAttributes, defaultResource, detectResources, envDetector, hostDetector, processDetector },
  ] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/resources'),
  ]);
  const ids = new sdk.RandomIdGenerator();
  // Set for the one span that is the root of an event's trace.
  let given: SpanContext | undefined;
  const base = samplerOf(config, sdk);
  const provider = new sdk.TracerProvider({
    resource: defaultResource()
      .merge(detectResources({ detectors: [envDetector, hostDetector, processDetector] }))
      .merge(resourceFromAttributes({ 'service.name': config.serviceName, 'service.version': version })),
    sampler: new sdk.ParentBasedSampler({ root: base }),
    idGenerator: {
      generateTraceId: () => given?.traceId ?? ids.generateTraceId(),
      generateSpanId: () => given?.spanId ?? ids.generateSpanId(),
    },
    spanProcessors: [
      new sdk.BatchSpanProcessor({ exporter: await exporterOf(config), scheduledDelayMillis: config.delayMs }),
    ],
  });
  const tracer = provider.getTracer('throughline', version);
  const isSampled = (traceId: string): boolean =>
    base.shouldSample(api.ROOT_CONTEXT, traceId, 'event', api.SpanKind.INTERNAL, {}, []).decision ===
    sdk.SamplingDecision.RECORD_AND_SAMPLED;

  const span = ({ stage, event, since, until, isFirst, job, attributes }: Told): void => {
    const root = rootOf(event);
    if (!isSampled(root.traceId)) return;
    const options = {
      startTime: since,
      attributes: { ...attributes, 'throughline.event': event, 'throughline.stage': stage },
      links: job ? [{ context: job }] : [],
    };
    if (isFirst) {
      given = root;
      tracer.startSpan('event', { ...options, root: true }).end(until);
      given = undefined;
    }
    const parent = api.trace.setSpanContext(api.ROOT_CONTEXT, {
      ...root,
      traceFlags: api.TraceFlags.SAMPLED,
      isRemote: true,
    });
    tracer.startSpan(stage, options, parent).end(until);
  };
  const close = async () => {
    await provider.forceFlush().catch(() => {});
    await provider.shutdown().catch(() => {});
  };
  return { tracer, span, close };
}

/** The root of an event's trace: the same for every process that has a part in it. */
function rootOf(event: string): SpanContext {
  const spanId = createHash('sha256').update(event).digest('hex').slice(0, 16);
  return { traceId: event.replaceAll('-', '').toLowerCase(), spanId, traceFlags: 1 };
}

function samplerOf({ sampler, ratio }: TraceConfig, sdk: typeof Sdk): Sampler {
  if (sampler.endsWith('always_off')) return new sdk.AlwaysOffSampler();
  return sampler.endsWith('traceidratio') ? new sdk.TraceIdRatioBasedSampler(ratio) : new sdk.AlwaysOnSampler();
}

/** The exporters read their endpoint, headers, timeout and compression from the environment themselves. */
async function exporterOf({ exporter, protocol }: TraceConfig): Promise<SpanExporter> {
  if (exporter === 'console') return new (await import('@opentelemetry/sdk-trace')).ConsoleSpanExporter();
  const { OTLPTraceExporter } =
    protocol === 'http/json'
      ? await import('@opentelemetry/exporter-trace-otlp-http')
      : await import('@opentelemetry/exporter-trace-otlp-proto');
  return new OTLPTraceExporter();
}

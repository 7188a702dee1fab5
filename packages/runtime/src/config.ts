import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { SAMPLERS, type TraceConfig } from './trace.ts';

/** One setting, as docs/configuration.md lists it. */
export interface Setting {
  name: string;
  /** What holds while it is not set; for people. */
  default: string;
  description: string;
}

export const SETTINGS: readonly Setting[] = [
  {
    name: 'THROUGHLINE_DATA',
    default: '`throughline` in the user’s data directory; `/var/lib/throughline` for root',
    description: 'Where the embedded Postgres and the snapshots of articles are kept.',
  },
  {
    name: 'THROUGHLINE_SNAPSHOTS',
    default: '`snapshots` below `THROUGHLINE_DATA`',
    description:
      'Where the snapshots of articles are kept instead: `s3://bucket` or `s3://bucket/prefix`, with `AWS_REGION`, `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`.',
  },
  {
    name: 'THROUGHLINE_EXPORT',
    default: '—',
    description:
      'A directory in which workers keep a snapshot of everything public, once the schedule `export` is switched on.',
  },
  {
    name: 'AWS_REGION',
    default: '—',
    description: 'The bucket’s region; needed with `THROUGHLINE_SNAPSHOTS`, whatever the server.',
  },
  {
    name: 'AWS_ENDPOINT_URL_S3',
    default: 'Amazon’s own',
    description:
      'Another server that speaks as S3 does: `https://minio.example:9000`. The bucket is the first part of its paths.',
  },
  {
    name: 'AWS_ACCESS_KEY_ID',
    default: '—',
    description: 'Who may use the bucket; needed with `THROUGHLINE_SNAPSHOTS`.',
  },
  { name: 'AWS_SECRET_ACCESS_KEY', default: '—', description: 'The secret of that key.' },
  { name: 'AWS_SESSION_TOKEN', default: '—', description: 'Of credentials that are lent for a time.' },
  {
    name: 'DATABASE_URL',
    default: 'the embedded Postgres',
    description: 'A Postgres of your own (15 to 18): `postgres://user:password@host/database`.',
  },
  {
    name: 'REDIS_URL',
    default: 'the queue is in Postgres',
    description: 'Moves the queue to Redis, which must have `maxmemory-policy noeviction`.',
  },
  { name: 'HOST', default: '`127.0.0.1`', description: 'The address that the site listens on.' },
  { name: 'PORT', default: '`8400`', description: 'The port that the site listens on; `0` takes any free one.' },
  {
    name: 'PUBLIC_URL',
    default: 'the address listened on',
    description: 'Where readers find the site: goes into canonical links and feeds.',
  },
  {
    name: 'THROUGHLINE_CONTACT',
    default: 'nothing is read live',
    description:
      'An e-mail address or URL under which the operator can be reached. It goes into the user agent of every request.',
  },
  {
    name: 'THROUGHLINE_PORTAL_API',
    default: '`https://en.wikipedia.org/w/api.php`',
    description: 'The MediaWiki Action API that the portal is read from, and asked what titles redirect to.',
  },
  {
    name: 'THROUGHLINE_WIKIDATA_API',
    default: '`https://www.wikidata.org/w/api.php`',
    description:
      'The Wikibase API that is asked what sort of thing an entity is. With another portal API than Wikipedia’s, entities are looked up only where this is set too.',
  },
  {
    name: 'THROUGHLINE_EVENTSTREAMS',
    default: '`off`',
    description:
      'With `on`, pages of the portal are read the moment they are edited, by Wikimedia’s EventStreams, beside the polling. A URL takes another stream of that form.',
  },
  {
    name: 'THROUGHLINE_OPERATOR_TOKEN',
    default: 'operators’ actions are closed',
    description: 'What an operator shows to pause, retry or submit over HTTP: any text of 16 characters or more.',
  },
  {
    name: 'THROUGHLINE_VIEWER_TOKEN',
    default: 'the dashboard is read on loopback, or by operators',
    description: 'What somebody shows who may read the dashboard and do nothing: any text of 16 characters or more.',
  },
  {
    name: 'THROUGHLINE_OPERATOR_HEADER',
    default: 'nobody is signed in by a proxy',
    description:
      'The header in which a proxy that signs operators in says who they are. Only behind a proxy that always sets or removes it.',
  },
  {
    name: 'THROUGHLINE_ALARM_URL',
    default: 'alarms are shown on the dashboard alone',
    description:
      'A URL that is posted to when a light turns bad, and when that is over; signed with `THROUGHLINE_WEBHOOK_SECRET` where that is set.',
  },
  {
    name: 'THROUGHLINE_ALARM_MAIL',
    default: 'no e-mail',
    description: 'Who gets an e-mail when a light turns bad, and when that is over; needs `THROUGHLINE_SMTP_URL`.',
  },
  {
    name: 'THROUGHLINE_SMTP_URL',
    default: '—',
    description: 'The server that takes the e-mails: `smtp://user:password@host:587`, or `smtps:`.',
  },
  {
    name: 'THROUGHLINE_QUIET_HOURS',
    default: 'told at any time',
    description: 'Hours in UTC, as `22-7`, in which nobody is told; what came up is told at their end.',
  },
  {
    name: 'THROUGHLINE_SETTLE_HOURS',
    default: '`3`',
    description: 'How long an event must have stood on its page before readers see it.',
  },
  {
    name: 'THROUGHLINE_CONCURRENCY',
    default: '`16`',
    description: 'How many hosts one worker fetches from at once.',
  },
  {
    name: 'THROUGHLINE_WEBHOOK_URL',
    default: 'no webhook',
    description: 'A URL that is told of every change (Standard Webhooks).',
  },
  {
    name: 'THROUGHLINE_WEBHOOK_SECRET',
    default: '—',
    description:
      'Signs the webhook’s calls; needed with `THROUGHLINE_WEBHOOK_URL`. `whsec_` and base64, or any text of 24 characters or more.',
  },
  {
    name: 'THROUGHLINE_WEBSUB_HUB',
    default: 'no hub',
    description:
      'A WebSub hub that is told which feeds have changed, and that the feeds name; needs `PUBLIC_URL`, where the hub asks for them.',
  },
  {
    name: 'LOG_LEVEL',
    default: '`warn` for a person at a terminal, else `info`',
    description: '`trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`.',
  },
  {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    default: '—',
    description:
      'Switches traces on: where an OpenTelemetry collector takes them over HTTP, as `http://localhost:4318`.',
  },
  {
    name: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    default: '`v1/traces` below the endpoint',
    description: 'The whole URL for traces.',
  },
  {
    name: 'OTEL_EXPORTER_OTLP_PROTOCOL',
    default: '`http/protobuf`',
    description:
      'How the collector is spoken to: `http/protobuf` or `http/json`; also as `OTEL_EXPORTER_OTLP_TRACES_PROTOCOL`.',
  },
  {
    name: 'OTEL_TRACES_EXPORTER',
    default: '`otlp` where an endpoint is set',
    description: '`otlp`, `console` or `none`.',
  },
  { name: 'OTEL_SERVICE_NAME', default: '`throughline`', description: 'What traces call this program.' },
  {
    name: 'OTEL_TRACES_SAMPLER',
    default: '`parentbased_always_on`',
    description:
      'Which traces are kept, by its standard names; those by ratio take a share from `OTEL_TRACES_SAMPLER_ARG`.',
  },
  {
    name: 'OTEL_TRACES_SAMPLER_ARG',
    default: '`1`',
    description: 'The share of traces that is kept, 0 to 1. An event’s trace is kept whole or not at all.',
  },
  {
    name: 'OTEL_BSP_SCHEDULE_DELAY',
    default: '`5000`',
    description: 'Milliseconds that spans wait to be sent together.',
  },
  { name: 'OTEL_SDK_DISABLED', default: '`false`', description: '`true` switches traces off, whatever else is set.' },
];

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
/** Of OTLP, what is spoken over HTTP. */
const PROTOCOLS = ['http/protobuf', 'http/json'] as const;
const EXPORTERS = ['otlp', 'console', 'none'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** A bucket of S3, or of a server that speaks as S3 does. */
export interface BucketConfig {
  bucket: string;
  prefix: string;
  region: string;
  endpoint?: string;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
}

/** Everything that can be set, checked. */
export interface Config {
  dataDirectory: string;
  /** Where snapshots are kept, where that is not the data directory. */
  snapshots?: BucketConfig;
  /** Where workers export to. */
  exportDirectory?: string;
  databaseUrl?: string;
  redisUrl?: string;
  host: string;
  port: number;
  publicUrl?: string;
  contact?: string;
  operatorToken?: string;
  viewerToken?: string;
  /** A header in which a proxy says who has signed in. */
  operatorHeader?: string;
  portalApi?: string;
  wikidataApi?: string;
  /** A stream of edits to follow. */
  eventStreams?: string;
  alarms: {
    url?: string;
    mail?: string;
    smtp?: string;
    /** In UTC. */
    quietHours?: { from: number; to: number };
  };
  settleHours: number;
  concurrency?: number;
  webhookUrl?: string;
  webhookSecret?: string;
  /** A WebSub hub. */
  hub?: string;
  logLevel?: LogLevel;
  /** Where traces go; absent where they are off. */
  traces?: TraceConfig;
}

/** Settings that are wrong; the message has a line for each, with its value and what to do. */
export class ConfigError extends Error {}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the settings of an environment: the process's own unless another is given. Throws one `ConfigError` for all problems. */
export function loadConfig(env: Environment = process.env): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const read = schema.safeParse(set);
  if (!read.success) {
    const lines = read.error.issues.map(({ path, message }) => {
      const name = String(path[0] ?? '');
      return `${name}=${shown(name, set[name])}: ${message}`;
    });
    throw new ConfigError(lines.join('\n'));
  }
  const value = read.data;
  return clean<Config>({
    dataDirectory: value.THROUGHLINE_DATA ?? defaultDataDirectory(env),
    exportDirectory: value.THROUGHLINE_EXPORT,
    snapshots: value.THROUGHLINE_SNAPSHOTS === undefined ? undefined : bucketOf(value.THROUGHLINE_SNAPSHOTS, value),
    databaseUrl: value.DATABASE_URL,
    redisUrl: value.REDIS_URL,
    host: value.HOST,
    port: value.PORT,
    publicUrl: value.PUBLIC_URL,
    contact: value.THROUGHLINE_CONTACT,
    operatorToken: value.THROUGHLINE_OPERATOR_TOKEN,
    viewerToken: value.THROUGHLINE_VIEWER_TOKEN,
    operatorHeader: value.THROUGHLINE_OPERATOR_HEADER,
    portalApi: value.THROUGHLINE_PORTAL_API,
    wikidataApi: value.THROUGHLINE_WIKIDATA_API,
    eventStreams: value.THROUGHLINE_EVENTSTREAMS,
    alarms: clean({
      url: value.THROUGHLINE_ALARM_URL,
      mail: value.THROUGHLINE_ALARM_MAIL,
      smtp: value.THROUGHLINE_SMTP_URL,
      quietHours: value.THROUGHLINE_QUIET_HOURS,
    }),
    settleHours: value.THROUGHLINE_SETTLE_HOURS,
    concurrency: value.THROUGHLINE_CONCURRENCY,
    webhookUrl: value.THROUGHLINE_WEBHOOK_URL,
    webhookSecret: value.THROUGHLINE_WEBHOOK_SECRET,
    hub: value.THROUGHLINE_WEBSUB_HUB,
    logLevel: value.LOG_LEVEL,
    traces: tracesOf(value),
  });
}

type TraceSettings = Pick<z.infer<typeof schema>, `OTEL_${string}` & keyof z.infer<typeof schema>>;

/** Traces are off unless something says where they go. */
function tracesOf(value: TraceSettings): TraceConfig | undefined {
  const endpoint = value.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? value.OTEL_EXPORTER_OTLP_ENDPOINT;
  const exporter = value.OTEL_TRACES_EXPORTER ?? (endpoint === undefined ? 'none' : 'otlp');
  if (value.OTEL_SDK_DISABLED === 'true' || exporter === 'none') return undefined;
  return {
    exporter,
    protocol: value.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? value.OTEL_EXPORTER_OTLP_PROTOCOL ?? 'http/protobuf',
    serviceName: value.OTEL_SERVICE_NAME ?? 'throughline',
    sampler: value.OTEL_TRACES_SAMPLER ?? 'parentbased_always_on',
    ratio: value.OTEL_TRACES_SAMPLER_ARG ?? 1,
    delayMs: value.OTEL_BSP_SCHEDULE_DELAY ?? 5_000,
  };
}

interface BucketSettings {
  AWS_REGION?: string | undefined;
  AWS_ENDPOINT_URL_S3?: string | undefined;
  AWS_ACCESS_KEY_ID?: string | undefined;
  AWS_SECRET_ACCESS_KEY?: string | undefined;
  AWS_SESSION_TOKEN?: string | undefined;
}

function bucketOf(place: string, settings: BucketSettings): BucketConfig {
  const [, bucket = '', prefix = ''] = BUCKET.exec(place) ?? [];
  const { AWS_ENDPOINT_URL_S3: endpoint, AWS_SESSION_TOKEN: sessionToken } = settings;
  return {
    bucket,
    prefix,
    region: settings.AWS_REGION ?? '',
    ...(endpoint !== undefined && { endpoint }),
    credentials: {
      accessKeyId: settings.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: settings.AWS_SECRET_ACCESS_KEY ?? '',
      ...(sessionToken !== undefined && { sessionToken }),
    },
  };
}

type Loose<T> = { [Key in keyof T]: T[Key] | undefined };

const clean = <T extends object>(loose: Loose<T>): T =>
  Object.fromEntries(Object.entries(loose).filter(([, value]) => value !== undefined)) as unknown as T;

const shown = (name: string, value: string | undefined): string => {
  if (value === undefined) return '(not set)';
  if (/SECRET|TOKEN/.test(name)) return '***';
  return JSON.stringify(value.replace(/\/\/([^/:@]*):.*@/, '//$1:***@'));
};

const url = (protocols: readonly string[], what: string) =>
  z
    .string()
    .refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), { error: `not ${what}` });

const integer = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d+$/, { error: `not a whole number from ${least} to ${most}` })
    .transform(Number)
    .refine((value) => value >= least && value <= most, { error: `not a whole number from ${least} to ${most}` });

const WIKIMEDIA_EDITS = 'https://stream.wikimedia.org/v2/stream/recentchange';
const EMAIL = /^[^\s@()<>]+@[^\s@()<>]+\.[^\s@()<>]+$/;
/** Bucket names: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([\w!.*'()-]+(?:\/[\w!.*'()-]+)*))?\/?$/;
const NEEDED_WITH_BUCKET = ['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] as const;
const SHORTEST_SECRET = 24;
const SHORTEST_TOKEN = 16;

const schema = z
  .object({
    THROUGHLINE_DATA: z.string().optional(),
    THROUGHLINE_EXPORT: z.string().optional(),
    THROUGHLINE_SNAPSHOTS: z
      .string()
      .regex(BUCKET, { error: 'not of the form s3://bucket or s3://bucket/prefix' })
      .optional(),
    AWS_REGION: z.string().optional(),
    AWS_ENDPOINT_URL_S3: url(['http:', 'https:'], 'an http or https URL').optional(),
    AWS_ACCESS_KEY_ID: z.string().optional(),
    AWS_SECRET_ACCESS_KEY: z.string().optional(),
    AWS_SESSION_TOKEN: z.string().optional(),
    DATABASE_URL: url(
      ['postgres:', 'postgresql:'],
      'a URL of the form postgres://user:password@host/database',
    ).optional(),
    REDIS_URL: url(['redis:', 'rediss:'], 'a URL of the form redis://host:6379').optional(),
    HOST: z.string().default('127.0.0.1'),
    PORT: integer(0, 65_535).default(8400),
    PUBLIC_URL: url(['http:', 'https:'], 'an http or https URL').optional(),
    THROUGHLINE_CONTACT: z
      .string()
      .refine((value) => EMAIL.test(value) || (/^https?:\/\/\S+$/.test(value) && URL.canParse(value)), {
        error: 'neither an e-mail address nor an http(s) URL under which you can be reached',
      })
      .optional(),
    THROUGHLINE_EVENTSTREAMS: z
      .string()
      .refine((value) => value === 'on' || value === 'off' || /^https?:\/\/\S+$/.test(value), {
        error: 'neither on, off nor an http(s) URL',
      })
      .transform((value) => (value === 'off' ? undefined : value === 'on' ? WIKIMEDIA_EDITS : value))
      .optional(),
    THROUGHLINE_PORTAL_API: url(['http:', 'https:'], 'an http or https URL').optional(),
    THROUGHLINE_WIKIDATA_API: url(['http:', 'https:'], 'an http or https URL').optional(),
    THROUGHLINE_OPERATOR_TOKEN: z
      .string()
      .min(SHORTEST_TOKEN, { error: `shorter than ${SHORTEST_TOKEN} characters` })
      .optional(),
    THROUGHLINE_VIEWER_TOKEN: z
      .string()
      .min(SHORTEST_TOKEN, { error: `shorter than ${SHORTEST_TOKEN} characters` })
      .optional(),
    THROUGHLINE_OPERATOR_HEADER: z
      .string()
      .regex(/^[A-Za-z0-9-]+$/, { error: 'not the name of an HTTP header' })
      .optional(),
    THROUGHLINE_ALARM_URL: url(['http:', 'https:'], 'an http or https URL').optional(),
    THROUGHLINE_ALARM_MAIL: z.string().regex(EMAIL, { error: 'not an e-mail address' }).optional(),
    THROUGHLINE_SMTP_URL: url(['smtp:', 'smtps:'], 'a URL of the form smtp://user:password@host:587').optional(),
    THROUGHLINE_QUIET_HOURS: z
      .string()
      .regex(/^([01]?\d|2[0-3])-([01]?\d|2[0-3])$/, { error: 'not two hours of the form 22-7' })
      .transform((hours) => {
        const [from = 0, to = 0] = hours.split('-').map(Number);
        return { from, to };
      })
      .optional(),
    THROUGHLINE_SETTLE_HOURS: z
      .string()
      .transform(Number)
      .refine((hours) => hours >= 0 && hours <= 720, { error: 'not a number of hours from 0 to 720' })
      .default(3),
    THROUGHLINE_CONCURRENCY: integer(1, 256).optional(),
    THROUGHLINE_WEBHOOK_URL: url(['http:', 'https:'], 'an http or https URL').optional(),
    THROUGHLINE_WEBHOOK_SECRET: z
      .string()
      .min(SHORTEST_SECRET, { error: `shorter than ${SHORTEST_SECRET} characters` })
      .optional(),
    THROUGHLINE_WEBSUB_HUB: url(['http:', 'https:'], 'an http or https URL').optional(),
    LOG_LEVEL: z.enum(LOG_LEVELS, { error: `not one of ${LOG_LEVELS.join(', ')}` }).optional(),
    OTEL_EXPORTER_OTLP_ENDPOINT: url(['http:', 'https:'], 'an http or https URL').optional(),
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: url(['http:', 'https:'], 'an http or https URL').optional(),
    OTEL_EXPORTER_OTLP_PROTOCOL: z.enum(PROTOCOLS, { error: `not one of ${PROTOCOLS.join(', ')}` }).optional(),
    OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: z.enum(PROTOCOLS, { error: `not one of ${PROTOCOLS.join(', ')}` }).optional(),
    OTEL_TRACES_EXPORTER: z.enum(EXPORTERS, { error: `not one of ${EXPORTERS.join(', ')}` }).optional(),
    OTEL_SERVICE_NAME: z.string().optional(),
    OTEL_TRACES_SAMPLER: z.enum(SAMPLERS, { error: `not one of ${SAMPLERS.join(', ')}` }).optional(),
    OTEL_TRACES_SAMPLER_ARG: z
      .string()
      .transform(Number)
      .refine((ratio) => ratio >= 0 && ratio <= 1, { error: 'not a share from 0 to 1' })
      .optional(),
    OTEL_BSP_SCHEDULE_DELAY: integer(1, 3_600_000).optional(),
    OTEL_SDK_DISABLED: z.string().toLowerCase().optional(),
  })
  .superRefine((value, context) => {
    for (const name of NEEDED_WITH_BUCKET) {
      if (value.THROUGHLINE_SNAPSHOTS === undefined || value[name] !== undefined) continue;
      context.addIssue({ code: 'custom', path: [name], message: 'needed with THROUGHLINE_SNAPSHOTS' });
    }
    if (value.THROUGHLINE_WEBHOOK_URL !== undefined && value.THROUGHLINE_WEBHOOK_SECRET === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['THROUGHLINE_WEBHOOK_SECRET'],
        message: 'needed with THROUGHLINE_WEBHOOK_URL: calls are signed with it',
      });
    }
    if (value.THROUGHLINE_WEBSUB_HUB !== undefined && value.PUBLIC_URL === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['PUBLIC_URL'],
        message: 'needed with THROUGHLINE_WEBSUB_HUB: the hub asks for the feeds there',
      });
    }
    if (value.THROUGHLINE_ALARM_MAIL !== undefined && value.THROUGHLINE_SMTP_URL === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['THROUGHLINE_SMTP_URL'],
        message: 'needed with THROUGHLINE_ALARM_MAIL: it names the server that takes the e-mails',
      });
    }
  });

/** The data home of the XDG base directory specification and its like elsewhere; root's own home is closed to the account that Postgres runs as. */
function defaultDataDirectory(env: Environment): string {
  if (env.XDG_DATA_HOME && isAbsolute(env.XDG_DATA_HOME)) return join(env.XDG_DATA_HOME, 'throughline');
  if (process.platform === 'win32') return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'throughline');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'throughline');
  if (process.getuid?.() === 0) return '/var/lib/throughline';
  return join(homedir(), '.local', 'share', 'throughline');
}

export { ConfigError, LOG_LEVELS, loadConfig, SETTINGS, type Config, type LogLevel, type Setting } from './config.ts';
export { roomOn, usableDirectory } from './disk.ts';
export {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './embedded-postgres/start.ts';
export { onShutdown, type LifecycleOptions } from './lifecycle.ts';
export { createLog, type Log } from './log.ts';
export { metrics, observeJob, showLights, showQueues, type LightFigure, type QueueFigures } from './metrics.ts';
export { NO_TRACE, openTrace, type Trace, type TraceConfig } from './trace.ts';
export { progress, type Progress, type ProgressOptions, type ProgressStream } from './progress.ts';

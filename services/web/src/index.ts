export { answer, type Answer } from './answer.ts';
export { createApp, type AppOptions, type WebLog } from './app.ts';
export { addOps, type OpsOptions } from './ops/index.ts';
export { postgresReader } from './postgres-reader.ts';
export { preferredFormat } from './negotiate.ts';
export { problemAnswer } from './problems.ts';
export type { EventAnswer, Health, SiteReader } from './reader.ts';
export { contentSecurityPolicy } from './security.ts';
export { startWeb, type Web, type WebOptions } from './server.ts';

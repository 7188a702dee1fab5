export { openContext, type ContextOptions } from './open-context.ts';
export { startWorker, type Worker, type WorkerOptions } from './start-worker.ts';
export { tellersOf, type Teller, type TellerOptions } from './tellers.ts';

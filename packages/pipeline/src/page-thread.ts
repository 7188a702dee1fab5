import { Worker } from 'node:worker_threads';
import type { ExtractedArticle } from '@throughline/core';

/** What a page says, or why that cannot be told. */
export type PageReading = { kind: 'read'; article: ExtractedArticle } | { kind: 'unreadable'; reason: string };

/** A page to read. */
export interface Question {
  html: string;
  /** Its address after redirects. */
  url: string;
}

/** What a thread says: once that it is ready, then an answer to each question in their order. */
export type Answer = PageReading | { kind: 'ready' };

/** A page that somebody waits for. */
export interface Task extends Question {
  done: (reading: PageReading) => void;
}

export interface ThreadLimits {
  /** The longest time that a page may take, in milliseconds. */
  deadlineMs: number;
  /** Memory for what a page is made into, in MB. */
  heapMb: number;
}

export interface PageThread {
  /** How many pages it has been given and not answered. */
  load: () => number;
  give: (task: Task) => void;
}

/** How a thread ended. */
export interface Ending {
  /** Whether it ever was ready to read. */
  wasReady: boolean;
  /** The page that it ended with has been told so; these have not been begun. */
  unread: Task[];
}

interface Listener {
  /** It has answered. */
  onAnswer: () => void;
  /** It takes no more pages. Called once. */
  onEnd: (ending: Ending) => void;
}

/** A thread that has had nothing to do for so long gives its memory back. */
const IDLE_MS = 20_000;
/** Room for what lives shortly: with less, collecting takes two fifths more time; with Node's own choice two threads take more memory for no less. */
const YOUNG_MB = 16;

/**
 * Starts a thread that reads pages. A page that takes too long or too much
 * memory ends the thread, and is `unreadable`.
 */
export function startPageThread(limits: ThreadLimits, { onAnswer, onEnd }: Listener): PageThread {
  const { deadlineMs, heapMb } = limits;
  const isBuilt = import.meta.url.endsWith('.js');
  const worker = new Worker(new URL(`./reading-thread.${isBuilt ? 'js' : 'ts'}`, import.meta.url), {
    ...(isBuilt && { execArgv: [] }), // no conditions of this process: what is built loads what is built
    resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: YOUNG_MB },
  });
  const tasks: Task[] = [];
  let isReady = false;
  let hasEnded = false;
  let timer: NodeJS.Timeout | undefined;

  worker.on('message', (answer: Answer) => {
    if (hasEnded) return;
    if (answer.kind === 'ready') isReady = true;
    else tasks.shift()?.done(answer);
    watch();
    onAnswer();
  });
  worker.on('messageerror', (error) => end(`its reading could not be passed on: ${error.message}`));
  worker.on('error', (error) => end(reasonOf(error, limits)));
  worker.on('exit', (code) => end(`the thread that read it ended with ${code}`));

  /** Sets the clock for the page that is being read, or for having none: then the thread keeps no process from ending. */
  function watch(): void {
    clearTimeout(timer);
    const [reading] = tasks;
    if (!reading) {
      worker.unref();
      timer = setTimeout(() => end('it had nothing to do'), IDLE_MS).unref();
    } else if (isReady) {
      // Its answer may be waiting where this thread was busy for as long: the immediate comes after it.
      const check = () => tasks[0] === reading && end(`reading it took longer than ${deadlineMs / 1_000} s`);
      timer = setTimeout(() => setImmediate(check), deadlineMs);
    }
  }

  function end(reason: string): void {
    if (hasEnded) return;
    hasEnded = true;
    clearTimeout(timer);
    void worker.terminate();
    if (isReady) tasks.shift()?.done({ kind: 'unreadable', reason });
    onEnd({ wasReady: isReady, unread: tasks.splice(0) });
  }

  return {
    load: () => tasks.length,
    give(task) {
      tasks.push(task);
      worker.ref();
      if (tasks.length === 1) watch();
      const { html, url } = task;
      worker.postMessage({ html, url } satisfies Question, []);
    },
  };
}

const reasonOf = (error: unknown, { heapMb }: ThreadLimits): string =>
  (error as NodeJS.ErrnoException | undefined)?.code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? `reading it took more memory than ${heapMb} MB`
    : `the thread that read it failed: ${String(error)}`;

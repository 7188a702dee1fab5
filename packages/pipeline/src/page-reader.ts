import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { ExtractedArticle } from '@throughline/core';
import { extractAll, textOf, type FetchedPage } from './read-article.ts';

/** Reads articles' pages. A large one is read in another thread, so that nobody whom this one serves waits for it. */
export type PageReader = (page: FetchedPage) => Promise<ExtractedArticle>;

export interface ReaderOptions {
  /** Threads at most; two, or one on a single processor, unless given. Each is started when those before it are busy. */
  threads?: number;
}

/** A page to read, and what it is; `id` 0 only says that the thread is ready. */
export interface Question {
  id: number;
  html: string;
  url: string;
}
export interface Answer {
  id: number;
  article?: ExtractedArticle;
}

/** Shorter pages, in UTF-16 units, are read sooner than handed over. */
const LARGE = 16_000;
/** A thread that has had nothing to do for so long gives its memory back. */
const IDLE_MS = 20_000;
/** More processors than two are for more workers, whose memory is counted. */
const MOST_THREADS = 2;
/** Room for what lives shortly, in each thread: with Node's own choice two threads take 140 MB more for a tenth less time. */
const YOUNG_MB = 4;

/**
 * A reader with threads. Where none can be started (a limit of the system, or
 * sources that Node does not load by itself), pages are read where they are
 * asked for.
 */
export function openPageReader({
  threads = Math.min(MOST_THREADS, availableParallelism()),
}: ReaderOptions = {}): PageReader {
  const running = new Set<Thread>();
  let most = threads;

  function start(): Thread {
    const thread = startThread((wasReady) => {
      running.delete(thread);
      if (!wasReady) most = 0;
    });
    running.add(thread);
    return thread;
  }

  function leastBusy(): Thread | undefined {
    if (most === 0) return undefined;
    const [first] = [...running].sort((one, other) => one.waiting() - other.waiting());
    return first && (first.waiting() === 0 || running.size >= most) ? first : start();
  }

  return async (page) => {
    const html = textOf(page);
    const elsewhere = html.length < LARGE ? undefined : leastBusy()?.read(html, page.finalUrl);
    return (await elsewhere) ?? extractAll(html, page.finalUrl);
  };
}

interface Thread {
  /** How many pages it has to read. */
  waiting: () => number;
  /** Undefined where the thread could not be started; rejects where it ends with the page unread. */
  read: (html: string, url: string) => Promise<ExtractedArticle | undefined>;
}

interface Asker {
  done: (article?: ExtractedArticle) => void;
  fail: (error: unknown) => void;
}

/** `onEnd` hears that the thread takes no more pages, and whether it ever was ready. */
function startThread(onEnd: (wasReady: boolean) => void): Thread {
  const file = new URL(`./reading-thread.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url);
  const worker = new Worker(file, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
  const askers = new Map<number, Asker>();
  let isReady = false;
  let asked = 0;
  let idle: NodeJS.Timeout | undefined;

  worker.on('message', ({ id, article }: Answer) => {
    isReady = true;
    askers.get(id)?.done(article);
    askers.delete(id);
    if (askers.size === 0) rest();
  });
  worker.on('error', end);
  worker.on('exit', (code) => end(new Error(`a thread that reads pages ended with ${code}`)));

  function end(error: unknown): void {
    onEnd(isReady);
    for (const { done, fail } of askers.values()) {
      if (isReady) fail(error);
      else done();
    }
    askers.clear();
  }

  /** Without work it keeps no process from ending, and ends itself after a while. */
  function rest(): void {
    clearTimeout(idle);
    worker.unref();
    idle = setTimeout(() => {
      onEnd(isReady);
      void worker.terminate();
    }, IDLE_MS).unref();
  }

  return {
    waiting: () => askers.size,
    read: (html, url) =>
      new Promise((done, fail) => {
        clearTimeout(idle);
        worker.ref();
        askers.set(++asked, { done, fail });
        worker.postMessage({ id: asked, html, url } satisfies Question, []);
      }),
  };
}

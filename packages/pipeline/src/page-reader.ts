import { availableParallelism } from 'node:os';
import { startPageThread, type PageReading, type PageThread, type Task, type ThreadLimits } from './page-thread.ts';
import { extractAll, textOf, type FetchedPage } from './read-article.ts';

/**
 * Reads articles' pages. A large one is read in another thread, so that nobody
 * whom this one serves waits for it, and no page can end the process or take
 * for ever: what cannot be read is told. Never rejects.
 */
export type PageReader = (page: FetchedPage) => Promise<PageReading>;

export interface ReaderOptions extends Partial<ThreadLimits> {
  /** Threads at most; two, or one on a single processor, unless given. Each is started when those before it are busy. */
  threads?: number;
}

/** Shorter pages, in UTF-16 units, are read sooner than handed over. */
const LARGE = 16_000;
/** More processors than two are for more workers, whose memory is counted. */
const MOST_THREADS = 2;
/** One page to read and one at hand; the others wait here. */
const AT_HAND = 2;
/** Three times what the slowest page of the largest size takes on a machine overrun by other work. */
const DEADLINE_MS = 30_000;
/** Twice what is enough for the most demanding page of the largest size. */
const HEAP_MB = 512;

/**
 * A reader with threads. One that dies or hangs is replaced, and costs no page
 * but the one that it was at. Where none can be started (a limit of the system,
 * or sources that Node does not load by itself), pages are read where they are
 * asked for.
 */
export function openPageReader({
  threads = Math.min(MOST_THREADS, availableParallelism()),
  deadlineMs = DEADLINE_MS,
  heapMb = HEAP_MB,
}: ReaderOptions = {}): PageReader {
  const running = new Set<PageThread>();
  const waiting: Task[] = [];
  let most = threads;

  function start(): PageThread {
    const thread = startPageThread(
      { deadlineMs, heapMb },
      {
        onAnswer: spread,
        onEnd({ wasReady, unread }) {
          running.delete(thread);
          if (wasReady) waiting.unshift(...unread);
          else {
            most = running.size;
            for (const task of unread) task.done(readHere(task));
          }
          spread();
        },
      },
    );
    running.add(thread);
    return thread;
  }

  /** Gives threads what waits for them, as far as they have room. */
  function spread(): void {
    while (waiting.length > 0) {
      const thread = most > 0 ? withRoom() : undefined;
      if (most > 0 && !thread) return;
      const task = waiting.shift()!;
      if (thread) thread.give(task);
      else task.done(readHere(task));
    }
  }

  function withRoom(): PageThread | undefined {
    const [idlest] = [...running].sort((one, other) => one.load() - other.load());
    if (idlest?.load() === 0) return idlest;
    if (running.size < most) return start();
    return idlest && idlest.load() < AT_HAND ? idlest : undefined;
  }

  return async (page) => {
    const question = { html: textOf(page), url: page.finalUrl };
    if (most === 0 || question.html.length < LARGE) return readHere(question);
    return new Promise((done) => {
      waiting.push({ ...question, done });
      spread();
    });
  };
}

function readHere({ html, url }: { html: string; url: string }): PageReading {
  try {
    return { kind: 'read', article: extractAll(html, url) };
  } catch (error) {
    return { kind: 'unreadable', reason: String(error) };
  }
}

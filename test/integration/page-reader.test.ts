import { openPageReader } from '@throughline/pipeline';
import { describe, expect, it } from 'vitest';

// What is built, beside the sources: Node loads no TypeScript into a thread.
const built = new URL('../../packages/pipeline/dist/page-reader.js', import.meta.url).href;
const { openPageReader: open } = (await import(built)) as { openPageReader: typeof openPageReader };

const page = (title: string, paragraphs: number) => ({
  body: Buffer.from(
    `<!doctype html><html lang="en"><head><title>${title}</title></head><body><article><h1>${title}</h1>${'<p>The council of the town met on Monday evening and voted for a bridge across the river.</p>'.repeat(paragraphs)}</article></body></html>`,
  ),
  contentType: 'text/html',
  finalUrl: 'https://a.example/story',
});
/** Tables in tables: what takes the most time and memory for its length. */
const endless = { ...page('', 0), body: Buffer.from('<table><tr><td>'.repeat(390_000)) };
const titleOf = (read: Awaited<ReturnType<ReturnType<typeof open>>>) =>
  read.kind === 'read' ? read.article.fields.title?.value : read.reason;
const threads = () => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;

describe('a page reader', () => {
  it('reads large pages in threads, each to the one who asked, as it reads them here', async () => {
    const [before, there, here] = [threads(), open({ threads: 2 }), open({ threads: 0 })];
    const pages = Array.from({ length: 20 }, (_, i) => page(`Story ${i}`, 400 + i));
    const reading = pages.map((one) => there(one));
    expect(threads() - before).toBe(2);
    const read = await Promise.all(reading);
    expect(read).toEqual(await Promise.all(pages.map((one) => here(one))));
    expect(read.map(titleOf)).toEqual(pages.map((_, i) => `Story ${i}`));
    await expect.poll(() => threads() - before, { timeout: 10_000 }).toBe(0); // without work they keep no process from ending
  });

  it('starts none for small pages', async () => {
    const before = threads();
    const reading = open({ threads: 2 })(page('Short', 3));
    expect(threads()).toBe(before);
    expect(titleOf(await reading)).toBe('Short');
  });

  it('reads pages here where no thread can be started', async () => {
    const [before, fromSources] = [threads(), openPageReader({ threads: 2 })];
    const read = await Promise.all([1, 2, 3].map((i) => fromSources(page(`Story ${i}`, 400))));
    expect(read.map(titleOf)).toEqual(['Story 1', 'Story 2', 'Story 3']);
    await expect.poll(threads, { timeout: 10_000 }).toBe(before);
  });

  it('ends a page that takes too long, and reads those behind it in another thread', async () => {
    const reader = open({ threads: 1, deadlineMs: 150 });
    const [poisoned, ...others] = await Promise.all([
      reader(endless),
      ...[1, 2, 3].map((i) => reader(page(`Story ${i}`, 400))),
    ]);
    expect(poisoned).toEqual({ kind: 'unreadable', reason: 'reading it took longer than 0.15 s' });
    expect(others.map(titleOf)).toEqual(['Story 1', 'Story 2', 'Story 3']);
  });

  it('ends a page that takes too much memory, and reads those behind it in another thread', async () => {
    const reader = open({ threads: 1, heapMb: 24 });
    const [poisoned, ...others] = await Promise.all([
      reader(endless),
      ...[1, 2, 3].map((i) => reader(page(`Story ${i}`, 400))),
    ]);
    expect(poisoned).toEqual({ kind: 'unreadable', reason: 'reading it took more memory than 24 MB' });
    expect(others.map(titleOf)).toEqual(['Story 1', 'Story 2', 'Story 3']);
  });

  it('is patient with a thread whose answer has come while this one was busy', async () => {
    const reader = open({ threads: 1, deadlineMs: 400 });
    await reader(page('First', 400)); // the thread runs
    const reading = reader(page('Busy', 400));
    for (const until = Date.now() + 600; Date.now() < until;);
    expect(titleOf(await reading)).toBe('Busy');
  });
});

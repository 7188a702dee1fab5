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
const threads = () => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;

describe('a page reader', () => {
  it('reads large pages in threads, each to the one who asked, as it reads them here', async () => {
    const [before, there, here] = [threads(), open({ threads: 2 }), open({ threads: 0 })];
    const pages = Array.from({ length: 20 }, (_, i) => page(`Story ${i}`, 400 + i));
    const reading = pages.map((one) => there(one));
    expect(threads() - before).toBe(2);
    const read = await Promise.all(reading);
    expect(read).toEqual(await Promise.all(pages.map((one) => here(one))));
    expect(read.map(({ fields }) => fields.title?.value)).toEqual(pages.map((_, i) => `Story ${i}`));
    await expect.poll(() => threads() - before, { timeout: 10_000 }).toBe(0); // without work they keep no process from ending
  });

  it('starts none for small pages', async () => {
    const before = threads();
    const reading = open({ threads: 2 })(page('Short', 3));
    expect(threads()).toBe(before);
    expect((await reading).fields.title?.value).toBe('Short');
  });

  it('reads pages here where no thread can be started', async () => {
    const [before, fromSources] = [threads(), openPageReader({ threads: 2 })];
    const read = await Promise.all([1, 2, 3].map((i) => fromSources(page(`Story ${i}`, 400))));
    expect(read.map(({ fields }) => fields.title?.value)).toEqual(['Story 1', 'Story 2', 'Story 3']);
    await expect.poll(threads, { timeout: 10_000 }).toBe(before);
  });
});

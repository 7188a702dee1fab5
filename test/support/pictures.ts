import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

const DIRECTORY = fileURLToPath(new URL('../../docs/operating/', import.meta.url));
/** What a picture shows, from the top of the page; the rest says no more. */
const CLIP = { x: 0, y: 0, width: 1_280, height: 640 };
const QUALITY = 0.5;

/**
 * Takes the pictures of `docs/operating.md` anew where `TAKE_PICTURES` is set:
 * one an incident, of its last page, with what is pressed in a frame.
 */
export function pictures(title: string): (page: Page, selector: string) => Promise<void> {
  const incident = /clicks > ([^,]+)/.exec(title)?.[1]?.replaceAll(/\W+/g, '-').toLowerCase();
  if (process.env['TAKE_PICTURES'] === undefined || incident === undefined) return async () => {};
  return async (page, selector) => {
    const pressed = page.locator(selector).first();
    await pressed.evaluate((element) => (element.style.outline = '3px solid #c0271a'));
    const png = await page.screenshot({ clip: CLIP });
    await pressed.evaluate((element) => element.style.removeProperty('outline'));
    await mkdir(DIRECTORY, { recursive: true });
    await writeFile(`${DIRECTORY}${incident}.webp`, await smaller(page, png));
  };
}

/** The same picture as WebP, a tenth as large, from the browser's own encoder. */
async function smaller(page: Page, png: Buffer): Promise<Buffer> {
  const blank = await page.context().newPage();
  const url = await blank.evaluate(
    async ([data, quality]) => {
      const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const canvas = Object.assign(document.createElement('canvas'), { width: bitmap.width, height: bitmap.height });
      canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
      return canvas.toDataURL('image/webp', quality);
    },
    [png.toString('base64'), QUALITY] as const,
  );
  await blank.close();
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
}

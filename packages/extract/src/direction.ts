import { attribute } from './html/attributes.ts';
import type { Page } from './page.ts';

const RIGHT_TO_LEFT = new Set(['ar', 'he', 'fa', 'ur', 'ps', 'yi', 'ckb', 'dv', 'sd', 'ug', 'arc', 'ku-arab']);

/** Which way the text runs: as its letters do, else as its language does, else as the page says. */
export function directionOf(page: Page, language: string | undefined, text: string): 'ltr' | 'rtl' {
  const sample = (text === '' ? page.sample() : text).slice(0, 600);
  const leftward =
    sample.match(/[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Thaana}\p{Script=Syriac}]/gu)?.length ?? 0;
  const letters = sample.match(/\p{L}/gu)?.length ?? 0;
  if (letters >= 20) return leftward > letters / 2 ? 'rtl' : 'ltr';
  if (language !== undefined) return RIGHT_TO_LEFT.has(language.split('-')[0]!) ? 'rtl' : 'ltr';
  const html = page.elements('html')[0];
  return html && attribute(html, 'dir')?.toLowerCase() === 'rtl' ? 'rtl' : 'ltr';
}

import type { ArticleImage } from '@throughline/core';
import { isPlaceholder } from './fields/image.ts';
import { attribute } from './html/attributes.ts';
import type { HtmlNode } from './html/node.ts';
import { elementsUnder, textOf } from './html/text.ts';
import type { Page } from './page.ts';
import { resolveAddress } from './url.ts';

const MAX_IMAGES = 40;
/** Pictures smaller than this, in CSS pixels, are icons and portraits. */
const MIN_SIZE = 120;

/** The pictures inside an element, in page order, each with what its figure says of it. */
export function imagesUnder(page: Page, container: HtmlNode): ArticleImage[] {
  const images = new Map<string, ArticleImage>();
  for (const img of elementsUnder(container, ({ tag }) => tag === 'img' || tag === 'amp-img')) {
    if (images.size >= MAX_IMAGES) break;
    const image = imageOf(page, img);
    if (image && !images.has(image.url)) images.set(image.url, image);
  }
  return [...images.values()];
}

function imageOf(page: Page, img: HtmlNode): ArticleImage | undefined {
  const reference = sourceOf(img);
  const url = reference === undefined ? undefined : resolveAddress(reference, page.url);
  const [width, height] = [sizeOf(img, 'width'), sizeOf(img, 'height')];
  if (url === undefined || isPlaceholder(url) || (width ?? MIN_SIZE) < MIN_SIZE || (height ?? MIN_SIZE) < MIN_SIZE / 2)
    return undefined;
  return { url, ...captionOf(img), ...(width !== undefined && { width }), ...(height !== undefined && { height }) };
}

/** Pictures that load late keep their address elsewhere; of several sizes the largest counts. */
function sourceOf(img: HtmlNode): string | undefined {
  const named = ['data-src', 'data-original', 'data-lazy-src', 'data-url', 'src'].map((name) => attribute(img, name));
  const plain = named.find((value) => value !== undefined && value !== '' && !value.startsWith('data:'));
  return plain ?? largestOf(attribute(img, 'srcset') ?? attribute(img, 'data-srcset') ?? '');
}

function largestOf(srcset: string): string | undefined {
  const sizes = srcset.split(/,\s+/).map((entry) => {
    const [url = '', size = '0'] = entry.trim().split(/\s+/);
    return { url, size: Number.parseFloat(size) || 0 };
  });
  return sizes.toSorted((one, other) => other.size - one.size)[0]?.url || undefined;
}

function sizeOf(img: HtmlNode, name: 'width' | 'height'): number | undefined {
  const size = Number.parseInt(attribute(img, name) ?? '', 10);
  return size > 0 && size < 20_000 ? size : undefined;
}

const CREDIT_CLASS = /credit|copyright|photographer|source|agency|attribution/i;
const CREDIT_TEXT =
  /\s*[(|/–—-]?\s*(?:(?:photo(?:graph)?|image|picture|foto|bild|credit|quelle|crédit|fotografía|imagem|фото)(?: credit| by)?\s*[:：]|©|\(c\))\s*([^()|]{2,80})\)?\s*$/iu;

/** The caption in the picture's figure, and who is credited in it. */
function captionOf(img: HtmlNode): { caption?: string; credit?: string } {
  let figure: HtmlNode | undefined = img;
  for (let steps = 0; figure && steps < 6 && figure.tag !== 'figure'; steps++) figure = figure.parent;
  if (figure?.tag !== 'figure') return {};
  const caption = elementsUnder(figure, ({ tag }) => tag === 'figcaption')[0];
  if (!caption) return {};
  const marked = elementsUnder(caption, (element) => CREDIT_CLASS.test(attribute(element, 'class') ?? ''))[0];
  const whole = textOf(caption).slice(0, 1_000);
  const credit = marked ? textOf(marked) : CREDIT_TEXT.exec(whole.slice(-200))?.[1]?.trim();
  const text = credit ? withoutCredit(whole, credit) : whole;
  return {
    ...(text && { caption: text }),
    ...(credit && { credit: credit.replace(/^(?:photo|image|foto|bild|credit|quelle)\s*:\s*/i, '') }),
  };
}

function withoutCredit(caption: string, credit: string): string {
  const at = caption.lastIndexOf(credit);
  return caption
    .slice(0, at)
    .replace(/[\s(|/–—©-]*(?:(?:photo|image|foto|bild|credit|quelle|crédit)s?(?: credit| by)?\s*[:：])?\s*$/iu, '')
    .trim();
}

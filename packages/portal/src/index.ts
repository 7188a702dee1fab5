export { decodePage, decodePageAs, type PageEncoding } from './decode.ts';
export { categoryOf } from './headings.ts';
export { dayOfTitle, pageTitle } from './page-title.ts';
export { parseDay } from './parse-day.ts';

import { authors } from './authors.ts';
import { canonicalUrl } from './canonical.ts';
import { description } from './description.ts';
import { image } from './image.ts';
import { keywords } from './keywords.ts';
import { language } from './language.ts';
import { modified } from './modified.ts';
import { published } from './published.ts';
import { section } from './section.ts';
import { siteName } from './site-name.ts';
import { title } from './title.ts';

/** Every field. A new one is one file, one line here, and its value's type in core. */
export const fields = [
  title,
  description,
  authors,
  published,
  modified,
  siteName,
  canonicalUrl,
  image,
  language,
  section,
  keywords,
] as const;

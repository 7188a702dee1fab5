import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { extract } from '@throughline/extract';
import { decodeHtml } from '@throughline/fetch';

export interface LabExtractOptions {
  /** JSON Lines; only `id`, `url` and `charset` of a line are read. */
  manifest: string;
  /** The folder that holds `<id>.html.gz`. */
  pages: string;
}

/** Reads stored article pages with the pipeline's own extractor and writes one JSON line a page. */
export async function labExtract({ manifest, pages }: LabExtractOptions, write: (line: string) => void): Promise<void> {
  for (const line of readFileSync(manifest, 'utf8').split('\n')) {
    if (line.trim() === '') continue;
    const { id, url, charset } = JSON.parse(line) as { id: string; url: string; charset?: string };
    const bytes = gunzipSync(readFileSync(join(pages, `${id}.html.gz`)));
    const contentType = charset === undefined ? 'text/html' : `text/html; charset=${charset}`;
    const html = decodeHtml(bytes, { contentType }).text;
    const { fields, body } = extract(html, { url, wantBody: true });
    write(
      JSON.stringify({
        id,
        title: fields.title?.value,
        authors: fields.authors?.value,
        published: fields.published?.value,
        description: fields.description?.value,
        image: fields.image?.value.url,
        site_name: fields.siteName?.value,
        lang: fields.language?.value,
        topics: fields.keywords?.value,
        body,
      }),
    );
  }
}

import { describe, expect, it } from 'vitest';
import { extract } from './extract.ts';

const url = 'https://www.harbourpost.example/world/2024/03/05/ferry';

describe('extract', () => {
  it('reads every field of a page that says all in JSON-LD, and names the rule of each', () => {
    const article = {
      '@type': 'NewsArticle',
      headline: 'Ferry service resumes after storm',
      author: [{ '@type': 'Person', name: 'Ana Duarte' }],
      datePublished: '2024-03-05T08:30:00+01:00',
      dateModified: '2024-03-05T10:00:00+01:00',
      image: { url: '/img/ferry.jpg' },
      keywords: ['ferries', 'storms'],
      articleSection: 'World',
    };
    const { fields } = extract(
      `<html lang="en"><head><script type="application/ld+json">${JSON.stringify(article)}</script>
       <meta property="og:site_name" content="Harbour Post"><link rel="canonical" href="${url}"></head></html>`,
      { url },
    );

    expect(fields.title).toMatchObject({ value: 'Ferry service resumes after storm', rule: 'json-ld:headline' });
    expect(fields.authors?.value).toEqual(['Ana Duarte']);
    expect(fields.published?.value).toBe('2024-03-05T08:30:00+01:00');
    expect(fields.modified?.value).toBe('2024-03-05T10:00:00+01:00');
    expect(fields.image?.value.url).toBe('https://www.harbourpost.example/img/ferry.jpg');
    expect(fields.keywords?.value).toEqual(['ferries', 'storms']);
    expect(fields.section?.value).toBe('World');
    expect(fields.siteName).toMatchObject({ value: 'Harbour Post', rule: 'meta:og:site_name' });
    expect(fields.canonicalUrl?.value).toBe(url);
    expect(fields.language?.value).toBe('en');
  });

  it('keeps a value that disagrees with the winner as its rival', () => {
    const { fields, rivals } = extract(
      `<meta property="og:title" content="Ferries sail again"><script type="application/ld+json">
       {"@type":"NewsArticle","headline":"Ferry service resumes after storm"}</script>`,
      { url },
    );

    expect([fields.title, ...(rivals.title ?? [])].map((field) => field?.value)).toEqual([
      'Ferry service resumes after storm',
      'Ferries sail again',
    ]);
  });

  it('gives an empty reading of an empty page', () => {
    expect(extract('', { url, wantBody: true })).toMatchObject({ body: '', faults: [] });
  });
});

import { describe, expect, it } from 'vitest';
import { extract } from '../extract.ts';
import { siteRules, sites } from './index.ts';

describe('sites', () => {
  it('know their hosts and subdomains, and no others', () => {
    expect(siteRules('http://news.bbc.co.uk/2/hi/1.stm', 'title')).not.toEqual([]);
    expect(siteRules('http://notbbc.co.uk/2/hi/1.stm', 'title')).toEqual([]);
    expect(siteRules('nonsense', 'title')).toEqual([]);
  });

  it.each(sites)('$name names its rules after itself', ({ name, rules }) => {
    for (const rule of Object.values(rules).flat()) expect(rule.name).toMatch(new RegExp(`^${name}:`));
  });
});

describe('bbc', () => {
  it('reads the headline, the time in GMT and the section of a page of 2006', () => {
    const { fields } = extract(
      `<html><head><title>BBC NEWS | Europe | Ferries sail after storm</title>
       <meta name="Headline" content="Ferries sail after storm"><meta name="Section" content="Europe">
       <meta name="OriginalPublicationDate" content="2006/07/12 10:00:30"></head>
       <body><div class="lu"><span>Last Updated: <b>Thursday, 13 July 2006, 09:12 GMT</b></span></div><h1>BBC NEWS</h1></body></html>`,
      { url: 'http://news.bbc.co.uk/2/hi/europe/5172760.stm' },
    );

    expect(fields.title).toMatchObject({ value: 'Ferries sail after storm', rule: 'bbc:headline' });
    expect(fields.published?.value).toBe('2006-07-12T10:00:30Z');
    expect(fields.section?.value).toBe('Europe');
  });
});

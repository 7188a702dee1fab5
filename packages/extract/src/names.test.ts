import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitNames } from './names.ts';

describe('splitNames', () => {
  it.each([
    ['Ana Duarte', ['Ana Duarte']],
    ['By Ana Duarte', ['Ana Duarte']],
    ['By Ana Duarte and Bo Lindqvist', ['Ana Duarte', 'Bo Lindqvist']],
    ['Ana Duarte, Bo Lindqvist and Carla Nkosi in Beirut', ['Ana Duarte', 'Bo Lindqvist', 'Carla Nkosi']],
    ['Von Ana Duarte und Bo Lindqvist', ['Ana Duarte', 'Bo Lindqvist']],
    ['Par Ana Duarte et Bo Lindqvist', ['Ana Duarte', 'Bo Lindqvist']],
    ['Por Ana Duarte y Bo Lindqvist', ['Ana Duarte', 'Bo Lindqvist']],
    ['Written by: Ana Duarte', ['Ana Duarte']],
    ['Post author By Ana Duarte', ['Ana Duarte']],
    ['Ana Duarte, Senior Correspondent', ['Ana Duarte']],
    ['Ana Duarte Chief Political Editor', ['Ana Duarte']],
    ['Ana Duarte, The Harbour Post', ['Ana Duarte']],
    ['Ana Duarte, Associated Press', ['Ana Duarte']],
    ['Ana Duarte - Mar 5, 2024 8:30 am UTC', ['Ana Duarte']],
    ['Ana Duarte · Harbour News · Posted: Mar 05, 2024 9:27 AM', ['Ana Duarte']],
    ['ANA DUARTE 3/5/2024 08:00 AM EST', ['ANA DUARTE']],
    ['Ana Duarte (text), Bo Lindqvist (photos)', ['Ana Duarte', 'Bo Lindqvist']],
    ['Ana Duarte ana@harbourpost.example', ['Ana Duarte']],
    ['Text: Ana Duarte', ['Ana Duarte']],
    ['Foto: Bo Lindqvist', []],
    ['文／山田花子', ['山田花子']],
    ['김민수 기자', ['김민수']],
    ['投稿者 山田花子', ['山田花子']],
    ['https://www.harbourpost.example/people/ana', []],
    ['@anaduarte', []],
    ['Published', []],
    ['12 minutes', []],
    ['ana-duarte', []],
    ['', []],
  ])('%s', (byline, names) => {
    expect(splitNames(byline)).toEqual(names);
  });

  it('gives no address, no handle and no blank, whatever it is given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.emailAddress()), (text) => {
        for (const name of splitNames(text)) {
          expect(name).not.toMatch(/https?:|@|^\s*$/);
          expect(name).toBe(name.trim());
        }
      }),
    );
  });
});

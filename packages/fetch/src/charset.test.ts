import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeHtml } from './charset.ts';
import { decodeAs } from './decode-as.ts';

/** Character → bytes in a charset that Node can only read: found by reading every one or two bytes. */
const codes = new Map<string, Map<string, number[]>>();

function codesOf(charset: string): Map<string, number[]> {
  const known = codes.get(charset);
  if (known) return known;
  const found = new Map<string, number[]>();
  const learn = (...bytes: number[]) => {
    const letter = decodeAs(charset, Uint8Array.from(bytes));
    if (letter.length === 1 && letter !== '\ufffd' && !found.has(letter)) found.set(letter, bytes);
  };
  for (let first = 0; first < 256; first++) learn(first);
  const wide = found.size < 128 + 100; // single-byte charsets fill their upper half
  for (let first = 0x81; wide && first < 255; first++)
    for (let second = 0x40; second < 255; second++) learn(first, second);
  codes.set(charset, found);
  return found;
}

function encode(charset: string, text: string): Uint8Array {
  const known = codesOf(charset);
  const bytes = Array.from(text, (letter) => known.get(letter) ?? []);
  if (bytes.some(({ length }) => length === 0)) throw new Error(`${charset} cannot write ${text}`);
  return Uint8Array.from(bytes.flat());
}

/** A sentence or two of made-up news in each charset. */
const NEWS: readonly (readonly [charset: string, text: string])[] = [
  [
    'windows-1252',
    'Le président a déclaré à la presse que l’élection se tiendra à la fin de l’été, malgré les réserves exprimées.',
  ],
  ['windows-1252', 'Die Behörden prüfen, ob die Brücke über den Fluß für Fußgänger wieder geöffnet werden kann.'],
  ['windows-1252', 'El alcalde anunció que la reconstrucción comenzará mañana según el señor Núñez.'],
  ['windows-1252', 'Statsministeren sagde på mødet, at øen også får en ny færge næste år, når broen må lukke.'],
  [
    'windows-1252',
    'O primeiro-ministro disse que as eleições não serão adiadas e que a oposição já tem três candidatos.',
  ],
  ['windows-1252', 'Il presidente ha detto che la città è pronta: «Perché più velocità non c’è», ha aggiunto.'],
  [
    'windows-1252',
    'Pääministerin mukaan neuvottelut jatkuvat ensi viikolla, vaikka öljyn hinta on yhä päivä päivältä ylempänä.',
  ],
  ['windows-1252', 'Forsætisráðherra sagði að viðræður héldu áfram í næstu viku þótt óvíst væri um niðurstöðu þeirra.'],
  ['windows-1252', 'Le cœur de l’œuvre : « à l’époque, les élèves étaient forcés d’apprendre où naît le fleuve ».'],
  ['windows-1252', 'The mayor said: “It’s a long way – we’re not there yet…”'],
  ['windows-1252', 'Statsministern sade på mötet att färjan går även nästa år, då bron måste stängas.'],
  ['windows-1250', 'A kormányfő szerint a következő héten folytatódnak a tárgyalások, és bízik az egyezségben.'],
  ['windows-1250', 'Rząd ogłosił, że wybory odbędą się w przyszłym miesiącu, mimo zastrzeżeń części posłów.'],
  ['windows-1250', 'Předseda vlády řekl, že jednání bude pokračovat příští týden, a poděkoval všem účastníkům.'],
  ['windows-1250', 'Ústavný súd rozhodol, že voľby sa zopakujú; šéf opozície žiada, aby ťažké priestupky prešetrili.'],
  ['windows-1250', 'Županija je objavila da će se škole otvoriti u četvrtak; učenici uče u đačkom domu.'],
  [
    'windows-1250',
    'Preşedintele a anunţat că şedinţa va fi ţinută mâine, iar preţurile vor rămâne îngheţate până în toamnă.',
  ],
  ['iso-8859-2', 'Rząd ogłosił, że wybory odbędą się w przyszłym miesiącu, mimo zastrzeżeń części posłów.'],
  [
    'iso-8859-2',
    'Śledztwo wykazało, że pożar wybuchł w źle zabezpieczonej części magazynu; świadkowie są przesłuchiwani.',
  ],
  ['iso-8859-2', 'Předseda vlády řekl, že jednání bude pokračovat příští týden, a poděkoval všem účastníkům.'],
  ['iso-8859-2', 'Ústavný súd rozhodol, že voľby sa zopakujú; šéf opozície žiada, aby ťažké priestupky prešetrili.'],
  ['iso-8859-2', 'Županija je objavila da će se škole otvoriti u četvrtak; učenici uče u đačkom domu.'],
  [
    'windows-1257',
    'Vyriausybė pranešė, kad rinkimai įvyks kitą mėnesį, nors daliai narių šį kartą kilo abejonių dėl žodžių.',
  ],
  [
    'windows-1257',
    'Valdība paziņoja, ka vēlēšanas notiks nākamajā mēnesī, lai gan daļa deputātu šaubās par šo lēmumu.',
  ],
  ['windows-1257', 'Žürii otsus šokeeris: kõik tänavused õpilastööd lükati tagasi, ütles žürii esimees.'],
  [
    'iso-8859-4',
    'Vyriausybė pranešė, kad rinkimai įvyks kitą mėnesį, nors daliai narių šį kartą kilo abejonių dėl žodžių.',
  ],
  ['iso-8859-6', 'قال رئيس الوزراء إن المحادثات ستستمر الأسبوع المقبل رغم الاعتراضات'],
  [
    'windows-1254',
    'Başbakan, görüşmelerin gelecek hafta süreceğini açıkladı; ışıklar söndü, çünkü deprem şiddetliydi.',
  ],
  ['windows-1251', 'Премьер-министр заявил, что переговоры продолжатся на следующей неделе, несмотря на возражения.'],
  ['windows-1251', 'Уряд повідомив, що їхні наступні вибори відбудуться у жовтні, попри заперечення опозиції.'],
  ['koi8-r', 'Премьер-министр заявил, что переговоры продолжатся на следующей неделе, несмотря на возражения.'],
  ['iso-8859-5', 'Премьер-министр заявил, что переговоры продолжатся на следующей неделе, несмотря на возражения.'],
  ['windows-1253', 'Ο πρωθυπουργός δήλωσε ότι οι συνομιλίες θα συνεχιστούν την επόμενη εβδομάδα.'],
  ['windows-1255', 'ראש הממשלה אמר כי השיחות יימשכו בשבוע הבא למרות ההתנגדות'],
  ['windows-1256', 'قال رئيس الوزراء إن المحادثات ستستمر الأسبوع المقبل رغم الاعتراضات'],
  ['windows-874', 'นายกรัฐมนตรีกล่าวว่าการเจรจาจะดำเนินต่อไปในสัปดาห์หน้า'],
  ['gb18030', '总理在新闻发布会上表示，会谈将在下周继续进行，双方对结果都有信心。'],
  ['big5', '總統今天在記者會上表示，會談將在下週繼續，雙方對結果都有信心。'],
  ['shift_jis', '首相は記者会見で、協議は来週も続くと述べた。反対の声もあるが、合意は近いという。'],
  ['euc-jp', '首相は記者会見で、協議は来週も続くと述べた。反対の声もあるが、合意は近いという。'],
  ['euc-kr', '총리는 기자회견에서 협상이 다음 주에도 계속될 것이라고 밝혔다.'],
];

const page = (text: string, head = '') => `<html><head>${head}</head><body><p>${text}</p></body></html>`;

describe('decodeHtml', () => {
  it.each(NEWS)('finds %s by itself in a page that declares nothing', (charset, text) => {
    const bytes = encode(charset, page(text));
    expect(decodeHtml(bytes)).toEqual({ text: page(text), charset, by: 'detection' });
  });

  it.each(NEWS)('reads %s where the header declares it', (charset, text) => {
    const bytes = encode(charset, page(text));
    expect(decodeHtml(bytes, { contentType: `text/html; charset=${charset.toUpperCase()}` })).toMatchObject({
      text: page(text),
      charset,
      by: 'header',
    });
  });

  it.each(NEWS)('reads %s where only the page declares it, against a server’s default', (charset, text) => {
    const html = page(text, `<title>x</title>\n<meta http-equiv=Content-Type content='text/html; charset=${charset}'>`);
    const decoded = decodeHtml(encode(charset, html), { contentType: 'text/html; charset=ISO-8859-1' });
    expect(decoded).toMatchObject({ text: html, charset, by: 'meta' });
  });

  it('goes by the byte order mark first', () => {
    const utf16 = Buffer.from(`\ufeff${page('é')}`, 'utf16le');
    expect(decodeHtml(utf16, { contentType: 'text/html; charset=utf-8' })).toEqual({
      text: page('é'),
      charset: 'utf-16le',
      by: 'bom',
    });
    expect(decodeHtml(utf16.subarray(2))).toMatchObject({ text: page('é') });
    expect(decodeHtml(Buffer.from(utf16).swap16())).toMatchObject({ text: page('é'), charset: 'utf-16be' });
    expect(decodeHtml(Buffer.from(`\ufeff${page('é')}`))).toMatchObject({ text: page('é'), by: 'bom' });
  });

  it('believes bytes that are UTF-8 over a declaration that they are not', () => {
    const bytes = Buffer.from(page('Ein “schöner” Tag'));
    expect(decodeHtml(bytes, { contentType: 'text/html; charset=iso-8859-1' })).toEqual({
      text: page('Ein “schöner” Tag'),
      charset: 'utf-8',
      by: 'bytes',
    });
  });

  it('believes a declaration where a few bytes could be either', () => {
    const bytes = encode('gb18030', page('猫'.repeat(1)));
    const ambiguous = Buffer.concat([Buffer.from('<p>'), Buffer.from('c3a9', 'hex')]);
    expect(decodeHtml(bytes, { contentType: 'text/html; charset=gbk' }).text).toBe(page('猫'));
    expect(decodeHtml(ambiguous, { contentType: 'text/html; charset=gbk' })).toMatchObject({
      text: '<p>茅',
      charset: 'gbk',
    });
    expect(decodeHtml(ambiguous)).toMatchObject({ text: '<p>é', charset: 'utf-8' });
  });

  it('keeps a UTF-8 page that is damaged in a place or two, and drops the claim where it is no UTF-8 at all', () => {
    const damaged = Buffer.concat([Buffer.from(page('é'.repeat(200))), Buffer.of(0xc3)]);
    expect(decodeHtml(damaged, { contentType: 'text/html; charset=utf-8' })).toMatchObject({
      charset: 'utf-8',
      by: 'header',
    });
    const text = 'Правительство сообщило о новых выборах';
    expect(decodeHtml(encode('windows-1251', page(text)), { contentType: 'text/html; charset=utf-8' })).toMatchObject({
      text: page(text),
      charset: 'windows-1251',
    });
  });

  it('reads the quotes and dashes of windows-1252, which Node takes for control characters', () => {
    const bytes = Buffer.from('<p>\x93It\x92s \x80100 \x96 more\x85\x94', 'latin1');
    expect(decodeHtml(bytes, { contentType: 'text/html; charset=iso-8859-1' }).text).toBe('<p>“It’s €100 – more…”');
  });

  it('ignores charsets that no browser knows', () => {
    const bytes = Buffer.from('<meta charset="none"><p>caf\xe9', 'latin1');
    expect(decodeHtml(bytes, { contentType: 'text/html; charset=8859' })).toMatchObject({
      text: '<meta charset="none"><p>café',
    });
  });

  it('reads the escapes of ISO-2022-JP, which are ASCII to the eye', () => {
    const bytes = Buffer.from('<p>\x1b$B;v7o\x1b(B', 'latin1');
    expect(decodeHtml(bytes, { contentType: 'text/html; charset=iso-2022-jp' })).toMatchObject({
      text: '<p>事件',
      charset: 'iso-2022-jp',
    });
  });

  it('never throws, and is quick with a large page of noise', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.string({ maxLength: 40 }), (bytes, contentType) => {
        expect(typeof decodeHtml(bytes, { contentType }).text).toBe('string');
      }),
    );
    const noise = Uint8Array.from({ length: 2_000_000 }, (_, index) => (index * 7919) % 256);
    const before = process.cpuUsage();
    decodeHtml(noise, { contentType: 'text/html; charset=utf-8' });
    decodeHtml(Buffer.from('<meta '.repeat(300_000) + 'é'));
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(1_500); // of the processor, which others may share
  });
});

import { extract } from '@throughline/extract';
import { decodeHtml } from '@throughline/fetch';
import { describe, expect, it } from 'vitest';

const url = 'https://www.harbourpost.example/world/2024/03/05/ferry-service-resumes';

const TEXT = 'The ferry to the islands left the quay this morning for the first time since the storm. '.repeat(9);

/** A page's bytes in a single-byte charset that TextDecoder knows, or in a multi-byte one with up to two bytes a character. */
function encode(charset: string, text: string): Uint8Array {
  const decoder = new TextDecoder(charset, { fatal: true });
  const known = new Map<string, number[]>();
  const learn = (...bytes: number[]) => {
    try {
      const character = decoder.decode(Uint8Array.from(bytes));
      if (Array.from(character).length === 1 && !known.has(character)) known.set(character, bytes);
    } catch {
      // No character has these bytes.
    }
  };
  for (let byte = 0; byte < 256; byte++) learn(byte);
  for (let lead = 0x81; lead < 0xff; lead++) for (let trail = 0x40; trail < 0xff; trail++) learn(lead, trail);
  return Uint8Array.from(Array.from(text).flatMap((character) => known.get(character) ?? [0x3f]));
}

interface Story {
  charset: string;
  /** Too like another charset to be told from it by a few sentences. */
  mustBeDeclared?: true;
  language: string;
  headline: string;
  sentence: string;
}

const STORIES: readonly Story[] = [
  {
    charset: 'windows-1251',
    language: 'ru',
    headline: 'Паром снова ходит на острова после шторма',
    sentence: 'Утром паром вышел из порта впервые после шторма, и на борту было девяносто пассажиров, как сообщили в совете. ',
  },
  {
    charset: 'gb18030',
    language: 'zh',
    headline: '风暴过后渡轮恢复通航',
    sentence: '今天早上渡轮离开码头，这是风暴过后的第一次，船上有九十名乘客，港口委员会这样说。',
  },
  {
    charset: 'shift_jis',
    language: 'ja',
    headline: '嵐のあとフェリーの運航が再開',
    sentence: '今朝、嵐のあと初めてフェリーが港を出た。乗客は九十人で、島の人々は喜んでいると町は述べた。',
  },
  {
    charset: 'euc-kr',
    language: 'ko',
    headline: '폭풍 뒤 여객선 운항 재개',
    sentence: '오늘 아침 폭풍 이후 처음으로 여객선이 항구를 떠났으며 승객은 모두 구십 명이라고 시의회가 밝혔다. ',
  },
  {
    charset: 'iso-8859-2',
    mustBeDeclared: true,
    language: 'pl',
    headline: 'Prom znów pływa na wyspy po burzy',
    sentence: 'Dziś rano prom wypłynął z portu po raz pierwszy od burzy, a na pokładzie było dziewięćdziesięciu pasażerów. ',
  },
  {
    charset: 'iso-8859-7',
    language: 'el',
    headline: 'Το πλοίο ταξιδεύει ξανά μετά την καταιγίδα',
    sentence: 'Το πλοίο έφυγε σήμερα το πρωί από το λιμάνι για πρώτη φορά μετά την καταιγίδα με ενενήντα επιβάτες. ',
  },
  {
    charset: 'iso-8859-9',
    language: 'tr',
    headline: 'Fırtınadan sonra feribot yeniden çalışıyor',
    sentence: 'Bu sabah feribot fırtınadan sonra ilk kez limandan ayrıldı ve içinde doksan yolcu vardı diye açıklandı. ',
  },
  {
    charset: 'iso-8859-1',
    language: 'de',
    headline: 'Nach dem Sturm fährt die Fähre wieder',
    sentence: 'Die Fähre hat heute früh zum ersten Mal seit dem Sturm den Hafen verlassen, mit neunzig Gästen an Bord. ',
  },
];

const pageOf = ({ headline, sentence }: Story, head = '') =>
  `<html><head>${head}<title>${headline} | Harbour Post</title></head><body><article><h1>${headline}</h1>` +
  `${`<p>${sentence.repeat(3).trim()}</p>`.repeat(3)}</article></body></html>`;

describe('a page in an old charset', () => {
  it.each(STORIES)('is read alike in $charset, whether the header says so, the page, or neither', (story) => {
    const { charset, language, headline, sentence } = story;
    const declared = pageOf(story, `<meta charset="${charset}">`);
    for (const [html, contentType] of [
      [pageOf(story), `text/html; charset=${charset}`],
      [declared, 'text/html'],
      ...(story.mustBeDeclared ? [] : [[pageOf(story), 'text/html'] as const]),
    ] as const) {
      const read = extract(decodeHtml(encode(charset, html), { contentType }).text, { url, wantBody: true });

      expect(read.fields.title?.value).toBe(headline);
      expect(read.fields.language?.value).toBe(language);
      expect(read.body).toContain(sentence.trim());
      expect(read.kind).toBe('article');
    }
  });
});

const kindOf = (html: string, address = url) => extract(html, { url: address, wantBody: true }).kind;

describe('a page that is no article is told as what it is', () => {
  it.each([
    ['a question of cookies by its title', '<title>Before you continue</title><p>Accept all or reject.</p>', 'consent-wall'],
    ['partners', '<title>Harbour Post</title><p>We and our 812 partners store information on your device.</p>', 'consent-wall'],
    ['partners in German', '<title>Hafenpost</title><p>Wir und unsere 812 Partner speichern Informationen auf Ihrem Gerät.</p>', 'consent-wall'],
    ['partners in French', '<title>Le Port</title><p>Nous et nos 812 partenaires stockons des informations sur votre appareil.</p>', 'consent-wall'],
    ['a challenge', '<title>Just a moment...</title><p>Enable JavaScript and cookies to continue</p>', 'bot-wall'],
    ['a challenge that is script alone', '<title>harbourpost.example</title><script src="https://geo.captcha-delivery.com/captcha/x.js"></script>', 'bot-wall'],
    ['a refusal', '<title>Access Denied</title><h1>Access Denied</h1><p>Reference #18.5d2f1a</p>', 'bot-wall'],
    ['a page that is gone', '<title>Page not found | Harbour Post</title><h1>Page not found</h1><p>Try our search.</p>', 'soft-404'],
    ['a page that is gone, in German', '<title>Seite nicht gefunden</title><p>Versuchen Sie die Suche.</p>', 'soft-404'],
    ['a page that is gone, in Japanese', '<title>ページが見つかりません</title>', 'soft-404'],
    ['nothing', '<html><body></body></html>', 'empty'],
  ])('%s', (_, html, kind) => {
    expect(kindOf(html)).toBe(kind);
  });

  it('a front page, asked for or sent in place of an article', () => {
    const front = '<title>Harbour Post</title><meta property="og:type" content="website"><link rel=canonical href="/">';

    expect(kindOf(front, 'https://www.harbourpost.example/')).toBe('listing');
    expect(kindOf(front)).toBe('listing');
    expect(kindOf(`${front}${`<h2><a href=/a>A ferry</a></h2><p>${TEXT}</p>`.repeat(9)}`)).toBe('listing');
  });

  it('but not an article that speaks of such pages, or has a consent box under its text', () => {
    const article = `<h1>Why so many links end at "page not found"</h1><article>${`<p>${TEXT}</p>`.repeat(3)}</article>`;

    expect(kindOf(`<title>Why so many links end at "page not found"</title>${article}`)).toBe('article');
    expect(kindOf(`<title>Ferries</title><article><p>${TEXT}</p></article><div>We and our 812 partners</div>`)).toBe('article');
  });
});

describe('beside the fields, a page tells', () => {
  const read = (head: string, body = `<article><h1>Ferry service resumes</h1><p>${TEXT}</p></article>`) =>
    extract(`<html lang=en><head>${head}</head><body>${body}</body></html>`, { url, wantBody: true });

  it('that its text is not free, whatever form the markup has', () => {
    for (const value of ['false', '"False"', '"http://schema.org/False"'])
      expect(
        read(`<script type="application/ld+json">{"@type":"NewsArticle","headline":"a","isAccessibleForFree":${value}}</script>`)
          .paywalled,
      ).toBe(true);
    expect(read('<meta property="article:content_tier" content="locked">').paywalled).toBe(true);
    expect(read('').paywalled).toBe(false);
  });

  it('its pictures with caption, credit and size, without placeholders', () => {
    const { images } = read(
      '',
      `<article><h1>Ferry service resumes</h1><figure><img src="/img/quay.jpg" width=1200 height=800>
       <figcaption>The quay at dawn. Photo: Bo Lind</figcaption></figure><img src="/img/logo.png">${`<p>${TEXT}</p>`.repeat(3)}</article>`,
    );

    expect(images).toEqual([
      {
        url: 'https://www.harbourpost.example/img/quay.jpg',
        caption: 'The quay at dawn.',
        credit: 'Bo Lind',
        width: 1200,
        height: 800,
      },
    ]);
  });

  it('between which instants a date without time or zone lies', () => {
    const { fields, publishedBounds } = read('<meta property="article:published_time" content="2024-03-05">');

    expect(fields.published?.value).toBe('2024-03-05');
    expect(publishedBounds).toEqual({ earliest: '2024-03-04T10:00:00Z', latest: '2024-03-06T11:59:59Z' });
    expect(read('<meta property="article:published_time" content="2024-03-05T08:30:00Z">').publishedBounds).toBeUndefined();
  });

  it('how many words it has and which way they run', () => {
    expect(read('')).toMatchObject({ wordCount: 153, direction: 'ltr' });
    const arabic = 'عادت العبارة إلى الجزر هذا الصباح لأول مرة بعد العاصفة وعلى متنها تسعون راكبا. '.repeat(5);
    expect(extract(`<article><p>${arabic}</p></article>`, { url, wantBody: true }).direction).toBe('rtl');
  });
});

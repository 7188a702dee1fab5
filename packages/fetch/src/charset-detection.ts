import { decodeAs } from './decode-as.ts';

/** Letters with how much each speaks for a charset: a whole, a half or a tenth, for the frequent, the usual and the rare. */
const weigh = (frequent: string, usual = '', rare = ''): ReadonlyMap<string, number> =>
  new Map([...weighed(rare, 0.1), ...weighed(usual, 0.5), ...weighed(frequent, 1)]);

const weighed = (letters: string, weight: number) => Array.from(letters, (letter) => [letter, weight] as const);

interface Candidate {
  charset: string;
  /** Primary subtags of languages that were written in it. */
  languages: readonly string[];
  /** A single-byte charset of a script other than Latin: its letters stand by themselves, not among those of ASCII. */
  ownLetters?: boolean;
  /** What a character of it is worth: 1 where texts are full of it, negative where it betrays a wrong reading. */
  worth: (character: string) => number;
}

const table =
  (weights: ReadonlyMap<string, number>) =>
  (character: string): number =>
    weights.get(character) ?? 0;

const inScript =
  (script: RegExp, others: (character: string) => number = () => 0) =>
  (character: string): number =>
    script.test(character) ? 1 : others(character);

/** The characters that Chinese texts use most, about half of any of them. Source: common frequency lists. */
const SIMPLIFIED = weigh(
  '的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容',
);
const TRADITIONAL = weigh(
  '的一是不我有在人了中到資要可以這個你會好為上來學交也用能如時沒說他看那問生過下請天們所多麼小想得之還電出工對都機自後子而訊站去心只家知國台很信成章何同道地發法無然但嗎當於本現年前真最和新因果定意情點題其事方清科樣些吧三此位理行作經者什謝名日正華話開實再城愛與二動比高面又車力或種像應女教分手打已次長太明己路起相主關間外系使全文報軍黨總統民政選舉者立院部會議員長官表示指今昨聯合記者委員警察美元億萬月十四五六七八九百千第名將被從向由進並更內已及其該給讓每',
);

/** Marks that texts of any language have, in the charsets of Windows only. */
const MARKS = '„“”‘’‚«»–—…\u00a0';

/**
 * Letters beyond ASCII by language, where several languages share a charset:
 * in a wrong reading letters come together that no one language has (`š` of
 * ISO-8859-2 is `ą` in windows-1250, beside `ř`).
 */
type Alphabets = readonly (readonly [languages: string, letters: string, seldom?: string])[];

const CENTRAL: Alphabets = [
  ['pl', 'ąćęłńóśźż'],
  ['cs sk', 'áčďéěíňóřšťúůýž', 'ľĺŕôä'],
  ['hu', 'áéíóöőúüű'],
  ['hr sl bs', 'čćđšž'],
  ['ro', 'ăâîşţ'],
  ['sq', 'ëç'],
];
const BALTIC: Alphabets = [
  ['lt', 'ąčęėįšųūž'],
  ['lv', 'āčēģīķļņšūž'],
  ['et', 'äõöüšž'],
];

const inEach = (charset: string, alphabets: Alphabets): Candidate[] =>
  alphabets.map(([languages, letters, seldom = '']) => ({
    charset,
    languages: languages.split(' '),
    worth: table(weigh(letters, `${letters.toUpperCase()}${seldom}${MARKS}`)),
  }));

/** Charsets that pages without a declaration are found in, with the letters to know each by; the first wins a tie. */
const CANDIDATES: readonly Candidate[] = [
  {
    charset: 'windows-1252',
    languages: ['en', 'de', 'fr', 'es', 'pt', 'it', 'nl', 'sv', 'da', 'no', 'nb', 'fi'],
    worth: table(weigh('éèàäöüßñçáíóúãøåæ’“”„–—‘…«»\u00a0£°©¿¡', 'êâôìùòîïëÉÄÖÜØÅÆ•®·½€§', 'õûýšžœðþÀÁÓÍ¹²³')),
  },
  ...inEach('windows-1252', [['is', 'áéíóúýþæöð']]),
  ...inEach('windows-1250', CENTRAL),
  ...inEach('windows-1257', BALTIC),
  {
    charset: 'windows-1254',
    languages: ['tr', 'az'],
    worth: table(weigh('ığşçöü', 'İŞÇÖÜ’“”–…\u00a0', 'Ğâî')),
  },
  {
    charset: 'windows-1251',
    ownLetters: true,
    languages: ['ru', 'uk', 'bg', 'sr', 'mk', 'be', 'kk'],
    worth: table(weigh('оеаинтсрвлкмдпу', 'яыьгзбчйхжюшцщэфіїєґў«»–—№\u00a0', 'АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЭЮЯёјљњћџђ')),
  },
  {
    charset: 'koi8-r',
    ownLetters: true,
    languages: ['ru', 'uk'],
    worth: table(weigh('оеаинтсрвлкмдпу', 'яыьгзбчйхжюшцщэф', 'АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЭЮЯё')),
  },
  {
    charset: 'iso-8859-5',
    ownLetters: true,
    languages: ['ru', 'bg', 'sr', 'mk'],
    worth: table(weigh('оеаинтсрвлкмдпу', 'яыьгзбчйхжюшцщэф', 'АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЭЮЯёјљњћџђ')),
  },
  {
    charset: 'windows-1253',
    ownLetters: true,
    languages: ['el'],
    worth: table(weigh('αοιετνσρηκπυμλςάέίό', 'γδθχωφβζξψύήώ«»\u00a0', 'ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ')),
  },
  {
    charset: 'windows-1255',
    ownLetters: true,
    languages: ['he', 'iw', 'yi'],
    worth: table(weigh('יוהלאתבמרשנ', 'דחכעפקסגצטזםןךףץ')),
  },
  {
    charset: 'windows-1256',
    ownLetters: true,
    languages: ['ar', 'fa', 'ur'],
    worth: table(weigh('المنيوترهبدعسفقكحةأى', 'جشصخضذزثطغظئءإآؤپچگ،؟', '')),
  },
  {
    charset: 'windows-874',
    ownLetters: true,
    languages: ['th'],
    worth: table(weigh('านรกองเ่้มีัยลวดทส', 'ตะปบคหแจพชขใไโถิุ์ืู', 'ธศผณษภซญฐฟฉฎฏฆฝฬ')),
  },
  ...inEach('iso-8859-2', CENTRAL),
  ...inEach('iso-8859-4', BALTIC),
  {
    charset: 'iso-8859-6',
    ownLetters: true,
    languages: ['ar'],
    worth: table(weigh('المنيوترهبدعسفقكحةأى', 'جشصخضذزثطغظئءإآؤ،؟')),
  },
  {
    charset: 'gb18030',
    languages: ['zh', 'zh-cn'],
    worth: (character) => SIMPLIFIED.get(character) ?? (/[，。、“”：；！？《》（）]/.test(character) ? 1 : 0.1),
  },
  {
    charset: 'big5',
    languages: ['zh', 'zh-tw', 'zh-hk'],
    worth: (character) => TRADITIONAL.get(character) ?? (/[，。、「」：；！？《》（）]/.test(character) ? 1 : 0.1),
  },
  {
    charset: 'shift_jis',
    languages: ['ja'],
    worth: inScript(/[ぁ-んァ-ヶー、。「」]/, (character) => (/[一-龠]/.test(character) ? 0.5 : -0.5)),
  },
  {
    charset: 'euc-jp',
    languages: ['ja'],
    worth: inScript(/[ぁ-んァ-ヶー、。「」]/, (character) => (/[一-龠]/.test(character) ? 0.5 : -0.5)),
  },
  {
    charset: 'euc-kr',
    languages: ['ko'],
    worth: inScript(/[가-힣]/, (character) => (/[一-龠]/.test(character) ? -0.5 : 0)),
  },
];

/** What is looked at of a page, in bytes: enough to tell, and bounded. */
const SAMPLE = 8 * 1024;
/** What the page's own language adds: it decides between charsets that read alike. */
const LANGUAGE_BONUS = 0.15;
/** Below this no candidate reads like anything. */
const LEAST = 0.25;

/**
 * The charset whose reading of the bytes looks most like a text that people
 * write, judged by its characters beyond ASCII; windows-1252 if none does, as
 * browsers assume. `language` is what the page says of itself, if it does.
 */
export function detectCharset(bytes: Uint8Array, language = ''): string {
  const sample = beyondAscii(bytes);
  const mixed = shareAmongAscii(bytes);
  let best = { charset: 'windows-1252', score: LEAST };
  const readings = new Map<string, string>();
  for (const { charset, languages, worth, ownLetters } of CANDIDATES) {
    const spoken = languages.includes(language) || languages.includes(language.split('-', 1)[0] ?? '');
    const reading = readings.get(charset) ?? decodeAs(charset, sample);
    readings.set(charset, reading);
    const score = scoreOf(reading, worth) + (spoken ? LANGUAGE_BONUS : 0) - (ownLetters ? mixed : 0);
    if (score > best.score + TIE) best = { charset, score };
  }
  return best.charset;
}

/** By how much a later candidate must be better. */
const TIE = 0.02;

/** The mean worth of the characters beyond ASCII; what cannot be read, and control characters, cost twice what a good one gives. */
function scoreOf(text: string, worth: (character: string) => number): number {
  let sum = 0;
  let count = 0;
  for (const character of text) {
    if (character < '\u0080') continue;
    count++;
    sum +=
      character === '\ufffd' || character < '\u00a0' || (character >= '\ue000' && character <= '\uf8ff')
        ? -2
        : worth(character);
  }
  return count > 0 ? sum / count : 0;
}

/** The stretches of the bytes that hold something beyond ASCII, with a byte on each side, since some charsets use ASCII for second bytes. */
function beyondAscii(bytes: Uint8Array): Uint8Array {
  const sample = new Uint8Array(SAMPLE);
  let length = 0;
  for (let at = 0; at < bytes.length && length < SAMPLE; at++) {
    const here = (bytes[at] ?? 0) >= 0x80;
    const beside = (bytes[at - 1] ?? 0) >= 0x80;
    if (here || beside) sample[length++] = bytes[at] ?? 0;
  }
  return sample.subarray(0, length);
}

/** The share of the bytes beyond ASCII that stand in one word with letters of ASCII, as in `f\u00fcr`: nearly all in Latin scripts. */
function shareAmongAscii(bytes: Uint8Array): number {
  let all = 0;
  let among = 0;
  for (let at = 0; at < bytes.length && all < SAMPLE;) {
    const start = at;
    while ((bytes[at] ?? 0) >= 0x80) at++;
    const length = at - start;
    all += length;
    if (length > 0 && (isLetter(bytes[start - 1]) || isLetter(bytes[at]))) among += length;
    at++;
  }
  return all > 0 ? among / all : 0;
}

const isLetter = (byte = 0): boolean => (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;

/** Words that say nothing of what a sentence is about. */
const STOP_WORDS = new Set(
  (
    'a about after again against all also among an and any are around as at be because been before being between both ' +
    'but by can could did do does during each for from further had has have he her here him his how if in including ' +
    'into is it its least less may might more most near no nor not of off on once one only or other our out over own ' +
    'per said same say says she should since so some such than that the their them then there these they this those ' +
    'through to two three under until up upon us very via was we were what when where which while who whom whose why ' +
    'will with within without would yet you'
  ).split(' '),
);

/** Texts longer than this many words are read up to here: a query stays cheap whatever is submitted. */
const MAX_WORDS = 600;

const WORD = /[\p{L}\p{N}]+(?:[.'’](?=[\p{L}\p{N}])[\p{L}\p{N}]+)*/gu;

/** The content words of a text, lower-case and stripped of accents and common endings, in order, with repeats. */
export function termsOf(text: string): string[] {
  const terms: string[] = [];
  let read = 0;
  for (const [word] of text.matchAll(WORD)) {
    if (++read > MAX_WORDS) break;
    const folded = fold(word);
    if (folded !== '' && !STOP_WORDS.has(folded)) terms.push(stem(folded));
  }
  return terms;
}

function fold(word: string): string {
  const lower = word
    .toLowerCase()
    .replace(/['’]s$/, '')
    .replace(/[.'’]/g, '');
  // oxlint-disable-next-line no-control-regex -- ASCII needs no folding, and nearly every word is ASCII
  return /^[\x00-\x7f]*$/.test(lower) ? lower : lower.normalize('NFKD').replace(/\p{M}+/gu, '');
}

/** Common English endings cut, so that `attacks`, `attacked` and `attacking` are one term. Names lose nothing: equal words stay equal. */
function stem(word: string): string {
  if (word.length < 5 || /\d/.test(word)) return word.length === 4 ? word.replace(/([^s])s$/, '$1') : word;
  return word
    .replace(/ies$/, 'y')
    .replace(/([^s])s$/, '$1')
    .replace(/(?:ing|ed)$/, (ending, at: number) => (at >= 3 ? '' : ending))
    .replace(/e$/, '');
}

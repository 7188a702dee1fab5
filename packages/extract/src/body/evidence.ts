import { attribute } from '../html/attributes.ts';
import type { HtmlNode } from '../html/node.ts';
import type { PlacedBlock } from './aside.ts';
import { isMarkedLead } from './hints.ts';

/** A block among its neighbours, as the evidence looks at it. */
export interface Place {
  block: PlacedBlock;
  text: string;
  tag: string;
  /** Characters, a Han or kana one counted as some three. */
  length: number;
  /** Share of its characters in links, and in bold or emphasis. */
  linked: number;
  strong: number;
  /** Steps to the nearest prose before and after it; 9 where there is none within eight. */
  sinceProse: number;
  untilProse: number;
  /** Whether it stands before the container, between headline and text. */
  isLead: boolean;
  /** Share of the container's prose that comes before it, 0..1. */
  progress: number;
  /** Share of the container's prose in blocks of its tag and class, and in its parent. */
  signature: number;
  inParent: number;
  /** Share of linked characters in its parent and its grandparent. */
  parentLinks: number;
  grandparentLinks: number;
  /** Whether the nearest heading before it announces something else than the article. */
  underForeignHeading: boolean;
  isTitle: boolean;
  isDescription: boolean;
  isRepeated: boolean;
  /** Whether it begins with an author's name. */
  startsWithAuthor: boolean;
  ancestors: ReadonlySet<string>;
  besideImage: boolean;
  inArticleBody: boolean | undefined;
}

export interface Evidence {
  name: string;
  weight: number;
  of: (place: Place) => number | boolean;
}

const isShort = ({ length }: Place) => length < 60;
const isHeading = ({ tag }: Place) => /^h[1-6]$/.test(tag);
const ends = ({ text }: Place) => /[.!?…。！？।؟۔]["”»“’'」』)\]]*$/.test(text);
const own = (place: Place, pattern: RegExp) =>
  pattern.test(attribute(place.block.element, 'class') ?? '') ||
  pattern.test((place.block.element.parent && attribute(place.block.element.parent, 'class')) ?? '');

const JUNK_LINE =
  /^(?:advertisement|advert|anzeige|publicidad|publicité|werbung|share|print|email|read more|more:|more on|see also|also read|read also|related|recommended|sign up|subscribe|follow|click here|loading|copyright|©|all rights|disclaimer|citation:|more information:|source:|watch:|video:|listen|photo|image|getty|file photo|foto:|bild:|quelle:|lesen sie|mehr zum|lire aussi|à lire|leia|lea tamb|leggi anche|читайте|les også|lue myös|lees ook)/i;
const JUNK_ANYWHERE =
  /\buses? cookies\b|\ball rights reserved\b|subject to copyright|sign up (?:for|to) (?:our|the|get)|\bnewsletter\b|\bsubscri(?:be|ption)|\bpodcast\b|\babonnement|\babonnieren|can be reached at|\bfollow (?:him|her|us|me) on|@\w+\.\w+|\bthis (?:story|article) (?:was|has been) (?:originally|first) published|alle rechte vorbehalten|affiliate|commission|inhalt(?:e)? .*(?:anzeigen|geladen)|personenbezogene daten/i;
const DATE =
  /\b(?:19|20)\d\d\b|\b\d{1,2}[:.h]\d\d\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d/i;
const BYLINE =
  /^(?:by|von|par|por|di|door|text|foto|photo|story|written|reporting|reported|posted|published|updated|last updated|veröffentlicht|aktualisiert|stand|publié|mis à jour|publicado|actualizado|pubblicato|publisert|oppdatert)\b/i;
export const FOREIGN_HEADING =
  /^(?:related|more (?:from|on|stories|news|in|about)|read (?:more|next|also|this)|recommended|you (?:may|might)|popular|most (?:read|popular|viewed)|trending|latest|also (?:on|read|see)|what to read|top stories|comments?$|leave a (?:reply|comment)|\d+ (?:comments?|responses|replies|kommentare)|about the author|share this|tags?:?$|topics?:?$|up next|editor.s picks|sponsored|newsletter|sign up|subscribe|mehr zum|mehr aus|das könnte sie|weitere|auch interessant|lesen sie|empfohlen|meistgelesen|kommentar|schreib|ähnliche|verwandte|à lire|lire aussi|sur le même|articles? (?:liés|similaires)|commentaires|te puede|relacionad|noticias relacion|lo más|más (?:leíd|noticias|sobre)|comentarios|deja un|leia (?:também|mais)|veja também|mais (?:lidas|notícias)|leggi anche|potrebbe|correlati|articoli|commenti|lees ook|meer over|reacties|læs også|les også|läs (?:mer|också)|czytaj|zobacz|komentarze|читайте|похожие|комментари|関連|相关)/iu;

/** What speaks for and against a block being part of the article's text. The weights come from a logistic regression over pages whose text is known. */
export const evidence: readonly Evidence[] = [
  { name: 'bias', weight: -3.41, of: () => 1 },
  { name: 'log length', weight: 3.02, of: ({ length }) => Math.min(12, Math.log2(length + 1)) / 8 },
  { name: 'short', weight: 0.85, of: isShort },
  { name: 'very short', weight: -0.29, of: ({ length }) => length < 25 },
  { name: 'long', weight: -0.15, of: ({ length }) => length >= 150 },
  { name: 'linked share', weight: -2.4, of: ({ linked }) => linked },
  { name: 'all linked', weight: 0.26, of: ({ linked }) => linked > 0.9 },
  { name: 'half linked', weight: -0.05, of: ({ linked }) => linked > 0.4 },
  { name: 'all linked, short', weight: 0.9, of: (place) => place.linked > 0.9 && isShort(place) },
  { name: 'all strong', weight: -0.97, of: ({ strong }) => strong > 0.9 },
  { name: 'ends a sentence', weight: 0.31, of: ends },
  { name: 'short, ends no sentence', weight: 0.04, of: (place) => isShort(place) && !ends(place) },
  { name: 'ends with a colon', weight: 0.46, of: ({ text }) => /[:：]$/.test(text) },
  { name: 'commas', weight: 0.4, of: ({ text }) => Math.min(4, text.match(/[,،、，]/g)?.length ?? 0) / 4 },
  { name: 'lower case first', weight: -0.08, of: ({ text }) => /^\p{Ll}/u.test(text) },
  { name: 'capitals', weight: -0.2, of: ({ text }) => text === text.toUpperCase() && text !== text.toLowerCase() },
  { name: 'no letters', weight: -1.38, of: ({ text }) => !/\p{L}{2}/u.test(text) },
  { name: 'separators', weight: -0.17, of: (place) => place.length < 120 && /[|»›>•·→]/.test(place.text) },
  { name: 'date line', weight: -1.04, of: (place) => isShort(place) && DATE.test(place.text) },
  { name: 'byline', weight: -1.08, of: (place) => place.length < 120 && BYLINE.test(place.text) },
  { name: 'junk line', weight: -1.56, of: (place) => place.length < 200 && JUNK_LINE.test(place.text) },
  { name: 'junk phrase', weight: -1.55, of: ({ text }) => JUNK_ANYWHERE.test(text) },
  { name: 'junk phrase, late', weight: 0.01, of: ({ text, progress }) => progress > 0.9 && JUNK_ANYWHERE.test(text) },
  {
    name: 'copyright',
    weight: -0.8,
    of: ({ text, length }) =>
      length < 250 &&
      /©|\((?:photo|image|foto|ap|getty|reuters|dpa)\b|\b(?:foto|photo|image|bild|credit|picture)s?\s?[:：]|getty images|ap photo/i.test(
        text,
      ),
  },
  { name: 'tag p', weight: 0.33, of: ({ tag }) => tag === 'p' },
  { name: 'tag div', weight: -0.61, of: ({ tag }) => tag === 'div' },
  { name: 'tag li', weight: 0.25, of: ({ tag }) => tag === 'li' },
  { name: 'heading', weight: 0.73, of: isHeading },
  { name: 'tag h1', weight: -1.5, of: ({ tag }) => tag === 'h1' },
  { name: 'tag h5', weight: -0.85, of: ({ tag }) => tag === 'h5' || tag === 'h6' },
  { name: 'heading before prose', weight: 1.43, of: (place) => isHeading(place) && place.untilProse <= 2 },
  { name: 'heading before none', weight: 0.28, of: (place) => isHeading(place) && place.untilProse > 4 },
  { name: 'in table', weight: 0.86, of: ({ ancestors }) => ancestors.has('td') || ancestors.has('th') },
  { name: 'in blockquote', weight: 2.09, of: ({ ancestors }) => ancestors.has('blockquote') },
  { name: 'in figure', weight: -0.55, of: ({ ancestors }) => ancestors.has('figure') },
  { name: 'in header', weight: -0.84, of: ({ ancestors }) => ancestors.has('header') },
  { name: 'in list', weight: 1.09, of: ({ ancestors }) => ancestors.has('ul') || ancestors.has('ol') },
  { name: 'short item', weight: 0.33, of: (place) => place.tag === 'li' && isShort(place) },
  { name: 'short item, linked', weight: 1.11, of: (place) => place.tag === 'li' && place.linked > 0.5 },
  { name: 'code', weight: 3.3, of: ({ ancestors }) => ancestors.has('pre') },
  { name: 'prose before', weight: 0.58, of: ({ sinceProse }) => sinceProse === 1 },
  { name: 'prose after', weight: 0.43, of: ({ untilProse }) => untilProse === 1 },
  { name: 'prose near before', weight: 0.1, of: ({ sinceProse }) => sinceProse <= 3 },
  { name: 'prose near after', weight: 0.34, of: ({ untilProse }) => untilProse <= 3 },
  { name: 'no prose before', weight: 0.46, of: ({ sinceProse }) => sinceProse > 8 },
  { name: 'no prose after', weight: 0.31, of: ({ untilProse }) => untilProse > 8 },
  {
    name: 'short between prose',
    weight: -0.2,
    of: (place) => isShort(place) && place.sinceProse <= 2 && place.untilProse <= 2,
  },
  { name: 'short, first', weight: -0.6, of: (place) => isShort(place) && place.progress === 0 },
  { name: 'short, last', weight: -0.76, of: (place) => isShort(place) && place.progress > 0.97 },
  { name: 'last', weight: 0.39, of: ({ progress }) => progress > 0.97 },
  { name: 'late', weight: -0.81, of: ({ progress }) => progress > 0.9 },
  { name: 'signature', weight: 1.81, of: ({ signature }) => signature },
  { name: 'rare signature', weight: -0.57, of: ({ signature }) => signature < 0.05 },
  { name: 'rare signature, short', weight: 0.03, of: (place) => place.signature < 0.05 && isShort(place) },
  { name: 'in parent', weight: 1.09, of: ({ inParent }) => inParent },
  { name: 'alone in parent', weight: 0.5, of: ({ inParent }) => inParent < 0.02 },
  { name: 'parent links', weight: -0.88, of: ({ parentLinks }) => parentLinks },
  { name: 'grandparent links', weight: -2.22, of: ({ grandparentLinks }) => grandparentLinks },
  { name: 'foreign heading', weight: -0.45, of: ({ underForeignHeading }) => underForeignHeading },
  { name: 'is foreign heading', weight: -1.07, of: (place) => isShort(place) && FOREIGN_HEADING.test(place.text) },
  { name: 'title', weight: -1.88, of: ({ isTitle }) => isTitle },
  { name: 'description', weight: 0.51, of: ({ isDescription }) => isDescription },
  { name: 'repeated', weight: 0.41, of: ({ isRepeated }) => isRepeated },
  { name: 'author first', weight: -1.38, of: ({ startsWithAuthor }) => startsWithAuthor },
  {
    name: 'author first, late',
    weight: -0.66,
    of: ({ startsWithAuthor, progress }) => startsWithAuthor && progress > 0.9,
  },
  { name: 'beside image', weight: -0.69, of: ({ besideImage }) => besideImage },
  { name: 'beside image, short', weight: 0.68, of: (place) => place.besideImage && place.length < 200 },
  { name: 'lead', weight: 0.12, of: ({ isLead }) => isLead },
  { name: 'lead, marked', weight: 1.74, of: ({ isLead, block }) => isLead && isMarkedLead(block.element) },
  { name: 'lead, short', weight: -0.56, of: (place) => place.isLead && isShort(place) },
  { name: 'lead, linked', weight: 0.93, of: (place) => place.isLead && place.linked > 0.3 },
  { name: 'lead, description', weight: 0.81, of: (place) => place.isLead && place.isDescription },
  { name: 'marked lead', weight: 0.45, of: ({ isLead, block }) => !isLead && isMarkedLead(block.element) },
  { name: 'aside', weight: -1.97, of: ({ block }) => block.aside !== undefined },
  { name: 'aside: tag', weight: -0.11, of: ({ block }) => /^(?:tag|role):/.test(block.aside ?? '') },
  {
    name: 'aside: nav',
    weight: -0.44,
    of: ({ block }) => /:(?:nav|menu|footer|breadcrumb|header|pagination)/.test(block.aside ?? ''),
  },
  {
    name: 'aside: figure',
    weight: 0.96,
    of: ({ block }) => /:(?:figure|figcaption|caption|credit)/.test(block.aside ?? ''),
  },
  {
    name: 'aside: figure table',
    weight: 0.0,
    of: ({ block, ancestors }) => block.aside === 'tag:figure' && (ancestors.has('td') || ancestors.has('blockquote')),
  },
  {
    name: 'aside: related',
    weight: 2.81,
    of: ({ block }) => /:(?:related|recommend|trend|popular|most)|card|nested|^teaser$/.test(block.aside ?? ''),
  },
  {
    name: 'aside: promo',
    weight: -0.91,
    of: ({ block }) => /:(?:newsletter|sign|subscri|promo|spons|advert|cookie|consent|privacy)/.test(block.aside ?? ''),
  },
  { name: 'aside: byline', weight: -0.75, of: ({ block }) => /:(?:byline|author|bio)/.test(block.aside ?? '') },
  {
    name: 'aside: share',
    weight: -1.42,
    of: ({ block }) => /:(?:shar|social|comment|respond|tool)/.test(block.aside ?? ''),
  },
  {
    name: 'aside: box',
    weight: 0.67,
    of: ({ block }) => /:(?:infobox|factbox|widget|sidebar|aside)/.test(block.aside ?? ''),
  },
  {
    name: 'aside: teaser',
    weight: -0.18,
    of: ({ block }) => /:(?:teaser|tags|hidden|invisible|ads?$)/.test(block.aside ?? ''),
  },
  { name: 'aside: unseen', weight: -0.47, of: ({ block }) => block.aside === 'class:unseen' },
  {
    name: 'aside, prose',
    weight: -0.37,
    of: ({ block, length, linked }) => block.aside !== undefined && length > 100 && linked < 0.3,
  },
  {
    name: 'aside, paragraph of the signature',
    weight: 0.42,
    of: ({ block, tag, signature }) => block.aside !== undefined && tag === 'p' && signature > 0.3,
  },
  {
    name: 'own class: meta',
    weight: -0.42,
    of: (place) => own(place, /(?:^|[^a-z])(?:meta|date|time|info|published|updated|timestamp)/i),
  },
  {
    name: 'own class: picture',
    weight: -0.73,
    of: (place) =>
      own(place, /(?:^|[^a-z])(?:image|img|photo|picture|media|video|gallery|caption|credit|player|slide)/i),
  },
  {
    name: 'own class: more',
    weight: -0.09,
    of: (place) => own(place, /(?:^|[^a-z])(?:more|link|list|item|card|feed|grid|toc|contents)/i),
  },
  {
    name: 'own class: box',
    weight: -0.47,
    of: (place) =>
      own(
        place,
        /(?:^|[^a-z])(?:box|fact|infobox|callout|cta|note|disclaimer|boilerplate|footnote|embed|correction|expand)/i,
      ),
  },
  { name: 'own class: quote', weight: -0.35, of: (place) => own(place, /(?:^|[^a-z])(?:pull-?quote|quote)/i) },
  {
    name: 'own class: kicker',
    weight: 0.43,
    of: (place) => own(place, /(?:^|[^a-z])(?:kicker|overline|eyebrow|rubric|category|label|tag|section)/i),
  },
  {
    name: 'own class: small',
    weight: -0.04,
    of: (place) => own(place, /(?:^|[^a-z])(?:small|muted|secondary|caption|label|hint|disclaimer|italic)/i),
  },
  {
    name: 'tweet',
    weight: 0.5,
    of: ({ block }) => isIn(block.element, /twitter-tweet|instagram-media|tiktok-embed|bluesky-embed/),
  },
  { name: 'article body says so', weight: -0.72, of: ({ inArticleBody }) => inArticleBody === true },
  { name: 'article body denies it', weight: -2.29, of: ({ inArticleBody }) => inArticleBody === false },
];

function isIn(element: HtmlNode, classes: RegExp): boolean {
  let node: HtmlNode | undefined = element;
  for (let steps = 0; node && steps < 4; steps++, node = node.parent) if (classes.test(node.source)) return true;
  return false;
}

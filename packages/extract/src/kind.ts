import type { ExtractedArticle } from '@throughline/core';
import { textOf } from './html/text.ts';
import { stringsOf, typesOf } from './json-ld.ts';
import type { Page } from './page.ts';
import { textKey } from './plain.ts';
import { outletNames } from './suffix.ts';
import { parseAddress } from './url.ts';

type Kind = ExtractedArticle['kind'];

/** Headings with which a server that answers 200 says that it has no such page. */
const NOT_FOUND =
  /^\W{0,9}(?:(?:error|http|fehler|erreur|oops|sorry)\W{1,9}){0,2}(?:404|410)\b|\b(?:page|article|story|content|file|url|we)\b.{0,60}\b(?:not found|not exist|no longer (?:exists?|available)|(?:been|was|is) (?:removed|moved|deleted|unavailable)|(?:can.?t|cannot|couldn.?t|could not) (?:be found|find))|^not found\b|\bno longer available\b|\bnothing (?:was )?found\b|seite (?:wurde |konnte )?nicht gefunden|nicht mehr verfügbar|page (?:introuvable|non trouvée)|n['’]existe (?:pas|plus)|página no (?:encontrada|existe)|no (?:se )?encontr(?:ad|ó|amos)|não encontrada|pagina non trovata|niet gevonden|hittades inte|ikke fundet|finnes ikke|nie znaleziono|strona nie istnieje|не найден|страница удалена|не знайдено|sayfa bulunamadı|tidak ditemukan|ページが見つかりません|お探しのページ|页面不存在|找不到|페이지를 찾을 수|غير موجود|لم يتم العثور/iu;

const BOT_TITLE =
  /^(?:just a moment|attention required|access (?:to this page has been )?denied|access denied|are you (?:a )?(?:robot|human)|pardon our interruption|please (?:verify|wait)|verifying you are human|checking your browser|security check|robot check|human verification|ddos-guard|request (?:blocked|unsuccessful)|you have been blocked|bot verification|un momento|nur einen moment|un instant|einen moment|blocked|forbidden|403 forbidden)\b/i;
const BOT_TEXT =
  /\b(?:enable javascript and cookies to continue|checking if the site connection is secure|unusual traffic from your|verify (?:that )?you are (?:a )?human|complete the security check|not a robot|automated (?:access|queries|requests)|please solve the captcha|performance (?:&|and) security by cloudflare|incapsula incident id|reference #[\d.a-f]+)/i;
const BOT_CODE =
  /\/cdn-cgi\/challenge-platform|challenges\.cloudflare\.com|captcha-delivery\.com|px-captcha|_Incapsula_Resource|geo\.captcha|ddos-guard\/js|__cf_chl|akam\/1[13]\/|hcaptcha\.com\/1\/api|recaptcha\/api/i;

const CONSENT_HOST = /^(?:consent|guce|privacy-mgmt|cmp|zustimmung|myprivacy)\./i;
const CONSENT_TITLE =
  /^(?:before you continue|bevor sie (?:fortfahren|weitermachen|zu)|we value your privacy|your privacy|privacy (?:gate|wall|settings|preferences)|cookie (?:consent|wall|settings|einstellungen)|consent|zustimmung|datenschutz ?(?:einstellungen)?|vos (?:données|choix)|avant d['’]accéder|antes de continuar|prima di continuare|dpg media privacy|myprivacy)/i;
const CONSENT_TEXT =
  /\b(?:we and our \d* ?partners|wir und unsere \d* ?partner|nous et nos \d* ?partenaires|nosotros y nuestros \d* ?socios|noi e i nostri \d* ?partner|accept all(?: cookies)?|alle(?:s)? akzeptieren|tout accepter|aceptar todo|accetta tutto|store and\/or access information on a device|mit werbung weiterlesen|agree and continue)/i;

/** Fewer characters of paragraphs than this are no article's text by themselves. */
const THIN = 600;
const EMPTY = 80;
/** From this many linked headlines on a page without text is a list of other pages. */
const MANY_HEADLINES = 8;

/** What sort of page it is. Only where there is little prose is it held for anything but an article. */
export function kindOf(page: Page): Kind {
  const prose = proseLength(page);
  const isDescribed = isDescribedAsArticle(page);
  const heading = [page.titleTag() ?? '', ...page.elements('h1').slice(0, 3).map(textOf)].map((text) =>
    text.slice(0, 200),
  );
  const says = (pattern: RegExp) => heading.some((text) => pattern.test(text));
  if (prose < THIN) {
    const words = wordsOfThin(page);
    if (says(BOT_TITLE) || BOT_TEXT.test(words) || (!isDescribed && prose < EMPTY && hasCode(page, BOT_CODE)))
      return 'bot-wall';
    if (CONSENT_HOST.test(hostOf(page)) || (!isDescribed && (says(CONSENT_TITLE) || CONSENT_TEXT.test(words))))
      return 'consent-wall';
  }
  if (prose < THIN * 3 && !isDescribed && says(NOT_FOUND)) return 'soft-404';
  if (isDescribed && prose > 0) return 'article';
  if (isRoot(page) || isSentHome(page)) return 'listing';
  if (prose >= THIN) return 'article';
  if (!isDescribed && linkedHeadlines(page) >= MANY_HEADLINES && prose < THIN) return 'listing';
  return prose < EMPTY && !isDescribed && textOf(page.document.root).length < EMPTY * 3 ? 'empty' : 'article';
}

/** All that a page with little on it says; of a fuller one its longer paragraphs. */
function wordsOfThin(page: Page): string {
  const whole = textOf(page.document.root);
  return whole.length < THIN * 3 ? `${page.sample()}\n${whole}` : page.sample();
}

const hostOf = (page: Page) => parseAddress(page.url)?.hostname ?? '';

/** How many characters stand in paragraphs long enough to be prose. */
function proseLength(page: Page): number {
  let length = 0;
  for (const element of page.document.elements) {
    if (element.tag !== 'p' && element.tag !== 'blockquote' && element.tag !== 'pre') continue;
    const own = textOf(element).length;
    if (own >= 40) length += own;
    if (length > THIN * 4) break;
  }
  return length > 0 ? length : undefinedParagraphs(page);
}

/** Pages without paragraphs write their text straight into other elements. */
function undefinedParagraphs(page: Page): number {
  let longest = 0;
  for (const element of page.document.elements) {
    if (element.tag !== 'div' && element.tag !== 'td' && element.tag !== 'article' && element.tag !== 'section')
      continue;
    const own = element.children.reduce(
      (sum, child) => sum + (child.tag === '' && child.source.length >= 40 ? child.source.trim().length : 0),
      0,
    );
    if (own > longest) longest = own;
  }
  return longest;
}

function isDescribedAsArticle(page: Page): boolean {
  const article = page.article();
  if (article && article['headline'] !== undefined) return true;
  return (
    page.meta('og:type').includes('article') ||
    page.meta('article:published_time').length > 0 ||
    page.meta('citation_title').length > 0
  );
}

const isHome = (address: URL | undefined): boolean =>
  address !== undefined && /^\/(?:index\.\w+|home)?$/i.test(address.pathname) && address.search === '';

/** Whether the site's front page was asked for. */
const isRoot = (page: Page): boolean => isHome(parseAddress(page.url));

/** Whether the page says that it is the site's front page: that is where many sites send links that are gone. */
function isSentHome(page: Page): boolean {
  const told = [...page.links('canonical'), ...page.meta('og:url')].map((address) => parseAddress(address, page.url));
  const key = textKey(page.titleTag() ?? '').replaceAll(' ', '');
  return (
    told.length > 0 &&
    told.every(isHome) &&
    (page.meta('og:type').includes('website') || outletNames(page).includes(key))
  );
}

function linkedHeadlines(page: Page): number {
  return page
    .headings()
    .filter((heading) => heading.parent?.tag === 'a' || heading.children.some(({ tag }) => tag === 'a')).length;
}

function hasCode(page: Page, pattern: RegExp): boolean {
  return page.document.elements.some(
    (element) =>
      (element.tag === 'script' || element.tag === 'iframe' || element.tag === 'form') &&
      (pattern.test(element.source) || element.children.some(({ source }) => pattern.test(source.slice(0, 4_000)))),
  );
}

const PAYWALL_PHRASE =
  /\b(?:subscribe (?:now )?to (?:continue|read|keep)|to (?:continue|keep) reading|this (?:article|story|content) is (?:only |exclusively )?(?:for|available to) (?:\w+ )?(?:subscribers|members)|already a subscriber|for subscribers only|subscriber[- ]only|unlock this article|jetzt weiterlesen|weiterlesen mit|exklusiv für abonnenten|nur für abonnenten|réservé aux abonnés|article réservé|il vous reste \d+ ?%|contenido exclusivo para suscriptores|solo para suscriptores|contenuto riservato agli abbonati|voor abonnees|kun for abonnenter|endast för prenumeranter|会員限定|有料会員|구독자 전용)/iu;

/** Whether the page says that its text is not free to read. */
export function isPaywalled(page: Page): boolean {
  const article = page.article();
  const parts = [article, ...page.linkedData().nodes.filter((node) => typesOf(node).includes('WebPageElement'))];
  const isFree = parts.flatMap((node) => (node ? freedom(node['isAccessibleForFree']) : []));
  if (isFree.includes(false)) return true;
  const tier = [
    ...page.meta('article:content_tier'),
    ...page.meta('content_tier'),
    ...page.meta('lp.article:content_tier'),
  ];
  if (tier.some((value) => /^(?:locked|premium|paid|subscription)$/i.test(value))) return true;
  if (isFree.includes(true) || stringsOf(article?.['articleBody'], page.linkedData()).join('').length > THIN * 3)
    return false;
  return proseLength(page) < THIN * 4 && PAYWALL_PHRASE.test(pageText(page));
}

const freedom = (value: unknown): boolean[] =>
  typeof value === 'boolean'
    ? [value]
    : typeof value === 'string'
      ? [!/^(?:false|no|0|https?:\/\/schema\.org\/False)$/i.test(value.trim())]
      : [];

/** The page's own words, cut off where a wall would have come long since. */
const pageText = (page: Page): string => textOf(page.document.root).slice(0, 30_000);

/** Words with which a byline begins, in the languages of the press. */
const LEAD =
  /^(?:(?:article |story |post |guide |this post was |artikel |beitrag |ein beitrag ||review |interview |news |opinion |words |reporting |reported |written |posted |published |publi[ée] |submitted |created |edited |veröffentlicht |geschrieben |publiziert |verfasst |escrito |scritto |skrevet )?(?:by|vom|von|par|por|di|da|de|door|af|av|przez|от|від|durch)|(?:post )?authors?|author name|text(?:e|o|y)?|tekst(?:y)?|words|story|autor(?:in|en|es|a|zy|zy:)?|auteurs?|autore|autori|verfasser(?:in)?|redaktion|redazione|r[eé]daction|interview|bericht|reporter|reporters|writers?|автор(?:ы|и)?|текст|投稿者|執筆者|著者|文|取材|作者|记者|記者|编辑|編集|筆者|کاتب|بقلم|كتب|كتبت)\s*[:：/／]?\s+/iu;
/** Such words may also be glued to the name by a colon: `Text:Ana Duarte`, `文／…`. */
const GLUED = /^(?:by|von|par|por|text|foto|autor(?:in)?|author|auteur|文|作者|记者|記者|取材|著者)\s*[:：／/]\s*/iu;

const SEPARATOR =
  /\s*[;|•·\t–—]\s*|\s+-\s+|\s*[,،、，/／]\s*|\s*&\s*|\s+(?:and|und|et|y|og|och|ja|e|i|en|with|mit|avec|con|и|та|و|im gespräch mit)\s+/iu;

const ROLE =
  /\b(?:senior|former|chief|deputy|editors?|editor-in-chief|managing|associate|executive|reporters?|correspondents?|writers?|staff|columnists?|contributors?|contributing|journalists?|producers?|head of|director|managers?|photographers?|freelance|officer|specialist|professor|expert|fellow|analyst|host|volont[aä]r(?:in)?|redakteur(?:in)?|chefredakteur(?:in)?|ressortleiter(?:in)?|korrespondent(?:in)?|chefreporter(?:in)?|journaliste?|r[eé]dacteur|r[eé]dactrice|correspondante?|redactora?|periodista|corresponsal|giornalista|redattore|redattrice|inviato|redacteur|verslaggever|journalistin|experte|expertin|abteilung|pressesprecher(?:in)?)\b.*$/iu;

/** A date, a time or a reading time: a byline ends there. */
const STAMP =
  /(?:\b(?:on|am|at|le|el|il|den|vom|updated?|published|posted|publié|mis à jour|actualizado|publicado|aktualisiert|veröffentlicht|stand|last|first|follow|share|view|read|min\.? read|hace|il y a|vor)\b[\s:]*)?(?:\b\d{1,2}(?:st|nd|rd|th|\.)?\s*(?:[/.:-]\s?\d|(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|se[pt]|o[ck]t|nov|de[cz]|ene|abr|ago|dic|f[eé]v|avr|juin|juil|ao[uû]|d[eé]c)\p{L}*)|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)\p{L}*\.?\s+\d{1,2}\b|\b(?:19|20)\d\d\b|\d+\s*(?:min|hours?|days?|minutes?|stunden|tage|年|月)).*$/iu;

const PLACE = /\s+(?:in|à|aus)\s+\p{Lu}[\p{L}\s.'-]+$/u;
const EAST = /\s*(?:기자|특파원|논설위원|記者|记者|編集委員|さん|氏)$/u;
const HONOURS = /^(?:phd|ph\.d\.?|md|m\.d\.?|jr\.?|sr\.?|mba|ma|msc|dr\.?|esq\.?|cfa|rn|bsc)$/i;

/** Words that no name holds. */
const NO_NAME =
  /https?:|www\.|@|\.(?:com|net|org|de|co|fr|es|it)\b|\b(?:follow|share|read more|comments?|comment|minutes?|updated?|published|posted|view|profile?|afficher|inc|email|subscribe|newsletter|archive|rss|feed|about|reply|cancel|category|uncategorized|sponsored|menu|home|search|login|name|more|all posts|see all|advertis\w*|copyright|photos?|getty|images?|video|source|agency report|unknown|admin|administrator|webmaster|editorial|null|undefined|none|anonymous|guest|mehr|alle|kommentare?|hinterlasse|publi[ée]e?|publiziert|veröffentlicht|aktualisiert|powered|lesedauer|stand|creative commons|wordpress|youtube|upgrade|lizenz|licen[cs]e|cookies?|gespräch|rezension|leserbrief|voir|tous les|ver más|compartir)\b/iu;

/** Who took the pictures did not write the text. */
const PICTURED =
  /^(?:fotos?|photos?|images?|bild(?:er)?|illustrations?|video|grafik|graphics?|quelle|credit|写真|사진)\b.{0,12}[:：]/iu;
/** What is left of a byline's furniture. */
const FURNITURE =
  /^(?:by|von|par|por|di|in|on|at|am|and|und|the|ca|red|artikel von|written by|posted by|folgen|gefolgt|abbruch|zustimmen|themen bearbeiten|rss|feed|agencies|agenturen|agences|agencias|bluesky|dem|der|datum|date|germany|deutschland|twitter facebook|twitter|facebook|instagram|linkedin|youtube|x|author|authors|autor|autoren|redaktion|monday|tuesday|wednesday|thursday|friday|saturday|sunday|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)$/iu;

/** Small words that stand in sentences about an author, never in a name. */
const SENTENCE =
  /\s(?:is|was|has|have|are|covers|from|for|the|with|about|and others|ist|war|hat|über|für|est|es un)(?:\s|$)/;

const MAX_WORDS = 6;

/** The people that a byline names: `By A, B and C in Beirut` → A, B, C. Addresses, handles, dates and roles are no names. */
export function splitNames(byline: string): string[] {
  if (/^(?:https?:)?\/\/|^www\./i.test(byline.trim())) return [];
  const text = byline
    .replace(/\s*[（([].*?[)）\]]/gu, ' ')
    .replace(/\S+@\S+/g, '\n')
    .replace(/https?:\S+/gi, '\n');
  return text.split(/\s*\n\s*/).flatMap((line) => {
    const names: string[] = [];
    // Where the name is left out, only its affiliation follows: `, Harbour Post & Gazette`.
    if (/^\s*[,،、]/.test(line)) return names;
    for (const part of line.replace(STAMP, '').split(SEPARATOR)) {
      const name = nameOf(part);
      if (name !== undefined && !(names.length > 0 && ORGANISATION.test(name))) names.push(name);
    }
    return names;
  });
}

/** An affiliation after a name: `A, Associated Press`. */
export const ORGANISATION =
  /\b(?:news|press|times|post|agency|agencies|tv|radio|online|zeitung|magazin|magazine|media|network|university|institute|courier|tribune|herald|journal|gazette|thüringen|staff|bureau|associated|reuters|afp|tnn|pti|company|inc|ltd|gmbh|group|arts|foundation|center|centre|development|community)\b/iu;

function nameOf(part: string): string | undefined {
  let name = part.trim();
  if (PICTURED.test(name)) return undefined;
  name = name.replace(GLUED, '');
  for (let turn = 0; turn < 3 && LEAD.test(name + ' '); turn++) name = (name + ' ').replace(LEAD, '').trim();
  name = name.replace(STAMP, '').replace(PLACE, '');
  const withoutRole = name.replace(ROLE, '').trim();
  name = withoutRole.split(/\s+/).length >= 2 || withoutRole === '' ? withoutRole : name;
  name = name.replace(EAST, '').replace(/^[\s.,:;*"'“”-]+|[\s.,:;*"'“”-]+$/gu, '');
  return isName(name) ? name : undefined;
}

function isName(name: string): boolean {
  if (
    name.length < 2 ||
    name.length > 60 ||
    !/\p{L}/u.test(name) ||
    HONOURS.test(name) ||
    FURNITURE.test(name) ||
    NO_NAME.test(name)
  )
    return false;
  const words = name.split(/\s+/);
  if (words.length > MAX_WORDS || (words.length > 1 && /\d{2,}/.test(name)) || /^\d/.test(name)) return false;
  if (/^[a-z]+(?:[-_.][a-z]+)+$/.test(name) || SENTENCE.test(name)) return false;
  // A phrase in lower case is no name, unless it is one word: a handle.
  return words.length === 1 || !/\p{Ll}/u.test(name) || /\p{Lu}/u.test(name) || words.length === 2;
}

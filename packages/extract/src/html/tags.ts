const names = (list: string): ReadonlySet<string> => new Set(list.split(' '));

/** Elements without content. */
export const voids = names(
  'area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr',
);

/** Elements whose content is text up to their own closing tag. */
export const raw = names('script style textarea title iframe noembed noframes xmp');

/** Raw elements whose text has entities all the same. */
export const rawWithEntities = names('textarea title');

/** Inline formatting: its closing tag does not end a block that began inside it. */
export const formatting = names(
  'a abbr acronym b big cite code del em font i ins kbd label mark nobr q s samp small span strike strong sub sup time tt u var',
);

/** Parts of tables: only the closing tag of another part ends them. */
export const tableParts = names('table caption thead tbody tfoot tr td th template svg math');

/** Opening one of these ends an open paragraph. */
export const endsParagraph = names(
  'address article aside blockquote center details dialog dir div dl dd dt li fieldset figcaption figure footer form ' +
    'h1 h2 h3 h4 h5 h6 header hgroup hr main menu nav ol p pre section summary table ul',
);

/** What an opening tag ends, as far out as the nearest scope. */
export const impliedEnds: Readonly<Record<string, readonly string[]>> = {
  li: ['li'],
  dt: ['dt', 'dd'],
  dd: ['dt', 'dd'],
  tr: ['tr', 'td', 'th'],
  td: ['td', 'th'],
  th: ['td', 'th'],
  tbody: ['thead', 'tbody', 'tr', 'td', 'th'],
  tfoot: ['thead', 'tbody', 'tr', 'td', 'th'],
  option: ['option'],
  body: ['head'],
};

/** Where the search for something to end stops. */
export const scopes = names('table ul ol dl menu button body html template svg object select');

/** Elements that stand on lines of their own. */
export const blocks = names(
  'address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer form ' +
    'h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li main menu nav ol optgroup option p pre section summary table ' +
    'tbody td tfoot th thead tr ul video audio noscript',
);

/** Elements whose content no reader sees as text. */
export const unseen = names(
  'script style title template noscript iframe noembed noframes svg math object canvas head select textarea button input datalist',
);

/** Every name above as itself. */
export const known: ReadonlyMap<string, string> = new Map(
  [voids, raw, formatting, tableParts, endsParagraph, scopes, blocks, unseen]
    .flatMap((list) => [...list])
    .map((name) => [name, name]),
);

/** The one style sheet, inline in every page: no request, no flash, no third party. */
export const STYLE = minified(`
:root {
  color-scheme: light dark;
  --paper: #fcfbf8; --ink: #1d1b18; --quiet: #625c53; --rule: #e3ded5; --card: #ffffff;
  --accent: #9c2f12; --added: #dcefdc; --removed: #f7dfd9; --mark: #fbe6a2; --heat: #dd8259; --edge: #8f877b;
  --serif: 'Iowan Old Style', 'Palatino Linotype', Palatino, 'Source Serif 4', Charter, 'Bitstream Charter', Georgia, 'Noto Serif', serif;
  --sans: system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #171614; --ink: #ece8e0; --quiet: #a9a297; --rule: #35322d; --card: #1f1d1a;
    --accent: #f2a284; --added: #1f3d24; --removed: #4a241c; --mark: #5c4a10; --heat: #a04a2b; --edge: #7d766b;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 var(--sans); overflow-wrap: anywhere;
}
a { color: inherit; text-decoration-color: color-mix(in srgb, var(--accent) 45%, transparent); text-decoration-thickness: 1px; text-underline-offset: .18em; }
a:hover { color: var(--accent); text-decoration-color: currentColor; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 2px; }
h1, h2, h3, p, ul, ol, dl, dd, blockquote { margin: 0; padding: 0; }
ul, ol { list-style: none; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--card); padding: .5rem 1rem; z-index: 1; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.frame { max-width: 68rem; margin: 0 auto; padding: 0 1.25rem; }

.top { border-bottom: 1px solid var(--rule); }
.top .frame { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .25rem 1.5rem; padding-top: .9rem; padding-bottom: .9rem; }
.brand { display: inline-flex; align-items: center; gap: .55rem; font: 600 1.15rem/1 var(--serif); letter-spacing: .005em; text-decoration: none; }
.brand svg { width: 1.35rem; height: 1.35rem; color: var(--accent); }
.top nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; font-size: .9rem; }
.top nav a { text-decoration: none; color: var(--quiet); padding: .25rem 0; display: inline-block; }
.top nav a:hover { color: var(--accent); text-decoration: underline; }

.row { display: grid; gap: .75rem 2.5rem; padding: 2rem 0; border-top: 1px solid var(--rule); }
.row:first-child { border-top: 0; }
.row > * { min-width: 0; max-width: 44rem; }
.margin { font-size: .9rem; color: var(--quiet); }
.margin h2, h2.margin, h3.margin { font: 600 1rem/1.35 var(--sans); color: var(--ink); }
@media (min-width: 56rem) { .row { grid-template-columns: 12rem minmax(0, 1fr); } .lead { padding-top: 3rem; } }

.lead h1 { font: 500 clamp(1.45rem, 1.1rem + 1.7vw, 2.15rem)/1.28 var(--serif); letter-spacing: -.006em; text-wrap: pretty; }
.lead h1.long { font-size: clamp(1.2rem, 1rem + 1vw, 1.5rem); line-height: 1.4; }
.date { display: block; color: var(--ink); font-weight: 600; text-decoration-color: transparent; }
.date:hover { text-decoration-color: currentColor; }
.trail { font-size: .9rem; color: var(--quiet); margin-bottom: .75rem; }
.trail li { display: inline; }
.trail li + li::before { content: ' / '; color: var(--quiet); }
.trail .category { color: var(--accent); font-weight: 600; }
.standfirst { margin-top: 1.1rem; font-size: 1.06rem; color: var(--ink); }
.standfirst cite { font-style: normal; color: var(--quiet); font-size: .9rem; }
.label { margin-top: 1.4rem; font-size: .88rem; color: var(--quiet); }
.chips { display: flex; flex-wrap: wrap; gap: .4rem; margin-top: .4rem; font-size: .88rem; }
.chips li { border: 1px solid var(--rule); border-radius: 1rem; padding: .16rem .7rem; background: var(--card); max-width: 100%; }

.sources > li { padding: 1.1rem 0; border-top: 1px solid var(--rule); }
.sources > li:first-child { padding-top: 0; border-top: 0; }
.outlet { font-size: .9rem; color: var(--quiet); }
.outlet strong { color: var(--ink); font-weight: 600; }
.sources h3 { font: 500 1.13rem/1.4 var(--serif); margin: .15rem 0 .2rem; }
.described { margin: .35rem 0; }
.small, details { font-size: .88rem; color: var(--quiet); }
.small > span + span::before { content: ' · '; }
details { margin-top: .3rem; }
summary { cursor: pointer; width: fit-content; max-width: 100%; }
summary:hover { color: var(--accent); }
dl.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .15rem 1rem; padding: .6rem 0 .2rem; }
dl.facts dt { color: var(--quiet); }
dl.facts dd { color: var(--ink); }
code { font: .92em/1.4 ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; }

.part + .part { margin-top: 2rem; }
.part > h3 { font: 600 .95rem/1.4 var(--sans); margin-bottom: .9rem; }
.part > h3 span { color: var(--quiet); font-weight: 400; }
.thread { border-inline-start: 2px solid var(--rule); }
.thread > li { position: relative; padding: 0 0 1.35rem 1.35rem; }
.thread > li:last-child { padding-bottom: .2rem; }
.thread > li::before { content: ''; position: absolute; inset-inline-start: calc(-.3125rem - 1px); top: .5em; width: .625rem; height: .625rem; border-radius: 50%; background: var(--paper); border: 2px solid var(--accent); }
.thread > li.here::before { background: var(--accent); }
.thread time { font-size: .88rem; color: var(--quiet); }
.said { font: 1.06rem/1.45 var(--serif); }
.said a { text-decoration-color: transparent; }
.said a:hover { text-decoration-color: currentColor; }
.weights { padding: .5rem 0 .1rem; }
.weights li { display: grid; grid-template-columns: minmax(0, 1fr) 6rem 3.2rem; gap: .75rem; align-items: center; }
.weights svg { width: 6rem; height: .4rem; color: var(--accent); background: var(--rule); border-radius: 1rem; }
.weights rect { height: 6px; fill: currentColor; }
.weights span { text-align: end; font-variant-numeric: tabular-nums; }

.changes > li { padding: .9rem 0; border-top: 1px solid var(--rule); }
.changes > li:first-child { padding-top: 0; border-top: 0; }
.changes p + p { margin-top: .2rem; }
ins { text-decoration: none; background: var(--added); }
del { background: var(--removed); text-decoration-color: var(--accent); }
.cite { background: var(--card); border: 1px solid var(--rule); border-radius: .4rem; padding: .9rem 1.1rem; user-select: all; font-size: .95rem; }
pre { white-space: pre-wrap; margin: .5rem 0 0; }

.items > li { padding: 1.15rem 0; border-top: 1px solid var(--rule); }
.items > li:first-child { padding-top: 0; border-top: 0; }
.items .trail { margin-bottom: .15rem; font-size: .88rem; }
.trail a, h2.margin a, h3.margin a { text-decoration-color: transparent; }
.trail a:hover, h2.margin a:hover, h3.margin a:hover { text-decoration-color: currentColor; }
.items .said { font-size: 1.16rem; line-height: 1.42; }
.items > li:last-child, .sources > li:last-child, .changes > li:last-child { padding-bottom: 0; }
.items .small { margin-top: .2rem; }
.items .described { color: var(--quiet); font-size: .95rem; }
.masthead { padding: 2.5rem 0 1.5rem; }
.masthead h1 { font: 500 clamp(1.8rem, 1.3rem + 2.4vw, 2.7rem)/1.15 var(--serif); letter-spacing: -.012em; }
.masthead p { color: var(--quiet); margin-top: .5rem; max-width: 44rem; }
.day-title { font: 500 1.55rem/1.2 var(--serif); padding: 2.25rem 0 1.25rem; border-top: 2px solid var(--ink); }
.day-title a { text-decoration-color: transparent; }
.day-title a:hover { text-decoration-color: currentColor; }
.day-title span { color: var(--quiet); font-size: 1rem; font-family: var(--sans); }
.day-title + .row { border-top: 0; padding-top: 0; }
.kind { color: var(--accent) !important; font-weight: 600; font-size: .9rem; margin: 0 0 .25rem !important; }
.quiet { color: var(--quiet); }
a.day { font-size: .88rem; color: var(--quiet); text-decoration-color: transparent; }
mark { background: var(--mark); color: inherit; border-radius: .15em; padding: 0 .08em; }
.search { display: grid; grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); gap: .9rem 1rem; padding-bottom: 1.75rem; max-width: 60rem; }
.search .wide { grid-column: 1 / -1; }
.field label { display: block; font-size: .88rem; color: var(--quiet); margin-bottom: .2rem; }
input, select, button { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--edge); border-radius: .35rem; padding: .35rem .6rem; width: 100%; min-width: 0; height: 2.6rem; }
.line { display: flex; gap: .6rem; }
.line > * { height: 3rem; }
.line input { font-size: 1.15rem; padding: .5rem .75rem; }
button { width: auto; flex: none; white-space: nowrap; padding: .35rem 1.4rem; background: var(--accent); border-color: var(--accent); color: var(--paper); font-weight: 600; cursor: pointer; }
.hints { color: var(--quiet); max-width: 44rem; padding: 1.25rem 0 3rem; border-top: 1px solid var(--rule); }
.hints p + p { margin-top: .6rem; }
.names { padding: 0 0 1.5rem; }
.names > span + span::before { content: ' · '; color: var(--quiet); }

.activity { margin: 1.4rem 0 0; max-width: 44rem; color: var(--quiet); font-size: .85rem; }
.activity svg { display: block; max-width: 100%; color: var(--accent); border-bottom: 1px solid var(--rule); }
.activity figcaption { display: flex; justify-content: space-between; gap: 1rem; width: fit-content; min-width: min(100%, 320px); }
.counts { border-collapse: collapse; margin-top: .4rem; }
.counts th, .counts td { text-align: start; font-weight: 400; padding: .1rem 1.5rem .1rem 0; }
.counts td { text-align: end; font-variant-numeric: tabular-nums; }

.graph { display: none; width: 100%; height: auto; margin: 0 0 1.5rem; overflow: visible; font: 11.5px var(--sans); }
@media (min-width: 44rem) { .graph { display: block; } }
.edge { fill: none; stroke: var(--edge); stroke-opacity: .55; }
.node { fill: var(--paper); stroke: var(--accent); stroke-width: 2; }
.graph > .node, .node.here { fill: var(--accent); }
.graph text { fill: var(--ink); }
.graph .why, .graph .note { fill: var(--quiet); font-size: 10.5px; }
.graph .centre { font-weight: 600; paint-order: stroke; stroke: var(--paper); stroke-width: 4px; }
.graph .name { font: 13px var(--serif); }
.graph a:hover .name { fill: var(--accent); text-decoration: underline; }
.timeline { margin: 0 0 1.25rem; max-width: 44rem; font-size: .85rem; color: var(--quiet); }
.timeline svg { display: block; width: 100%; height: auto; }
.timeline figcaption { display: flex; justify-content: space-between; }
.map { margin: 0; max-width: 36rem; font-size: .85rem; color: var(--quiet); }
.map svg { display: block; width: 100%; height: auto; margin-bottom: .4rem; font: 600 15px var(--sans); }
.map text { fill: var(--ink); paint-order: stroke; stroke: var(--paper); stroke-width: 3px; }
.land { fill: var(--rule); }
.more { margin-top: 1rem; }

.scroll { overflow-x: auto; max-width: none; }
.heat { border-collapse: separate; border-spacing: 2px; font-size: .82rem; font-variant-numeric: tabular-nums; }
.heat th { font-weight: 400; color: var(--quiet); padding: 0 .3rem; }
.heat abbr { text-decoration: none; }
.heat td { text-align: center; color: var(--quiet); min-width: 2rem; height: 1.9rem; padding: 0; border-radius: .2rem; }
.heat td a { display: block; line-height: 1.9rem; color: var(--ink); text-decoration: none; border-radius: .2rem; }
.heat td a:hover { outline: 2px solid var(--accent); }
.years td { min-width: 2.6rem; }
.years th { white-space: nowrap; }
.h1 { background: color-mix(in srgb, var(--heat) 12%, var(--paper)); }
.h2 { background: color-mix(in srgb, var(--heat) 24%, var(--paper)); }
.h3 { background: color-mix(in srgb, var(--heat) 38%, var(--paper)); }
.h4 { background: color-mix(in srgb, var(--heat) 52%, var(--paper)); }
.h5 { background: color-mix(in srgb, var(--heat) 68%, var(--paper)); }
.calendars { display: grid; grid-template-columns: repeat(auto-fill, minmax(15.5rem, 1fr)); gap: 2rem 2.5rem; padding: .5rem 0 2.5rem; align-items: start; }
.calendars caption { text-align: start; font: 600 1rem/1.4 var(--sans); padding: 0 .3rem .3rem; }
.calendars table:target caption { color: var(--accent); }

.pager { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .5rem 2rem; padding: 1.5rem 0; border-top: 1px solid var(--rule); }
.notice { border-inline-start: 3px solid var(--accent); padding-inline-start: 1rem; margin-bottom: 1.5rem; }

.bottom { margin-top: 2rem; border-top: 1px solid var(--rule); color: var(--quiet); font-size: .88rem; }
.bottom .frame { padding-top: 1.5rem; padding-bottom: 3rem; }
.bottom p { max-width: 44rem; }
.bottom p + p { margin-top: .5rem; }
.formats a { margin-inline-end: .9rem; }

@media print {
  :root { --paper: #fff; --ink: #000; --quiet: #444; --rule: #bbb; --card: #fff; --accent: #000; }
  body { font-size: 10.5pt; }
  .top nav, .skip, .pager, .formats, details:not([open]) > summary::marker { display: none; }
  .frame { max-width: none; padding: 0; }
  .row { padding: 1rem 0; grid-template-columns: 8rem minmax(0, 1fr); }
  li, .cite { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .sources h3 a::after { content: ' <' attr(href) '>'; font: 8.5pt var(--sans); }
  .thread > li::before { display: none; }
}
`);

/** Not a parser: it relies on the sheet above having no string with two spaces in it. */
function minified(css: string): string {
  return css
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]) ?/g, '$1')
    .replaceAll(';}', '}')
    .replaceAll(': ', ':')
    .trim();
}

/** What the dashboard needs beside the site's own style. */
export const OPS_STYLE = `
.ops { max-width: 84rem; padding-bottom: 4rem; }
.ops h1 { font: 600 1.5rem/1.3 var(--sans); margin: 1.75rem 0 .25rem; }
.ops h2 { font: 600 1.1rem/1.3 var(--sans); margin: 2rem 0 .6rem; }
.ops .sub { color: var(--quiet); max-width: 60rem; }
.ops nav.views { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; padding: .8rem 0; border-bottom: 1px solid var(--rule); font-size: .92rem; }
.ops nav.views a { text-decoration: none; color: var(--quiet); padding: .25rem 0; }
.ops nav.views a[aria-current] { color: var(--ink); font-weight: 600; border-bottom: 2px solid var(--accent); }
.lights { display: grid; grid-template-columns: repeat(auto-fill, minmax(18rem, 1fr)); gap: .75rem; margin-top: 1rem; }
.light { border: 1px solid var(--rule); border-left: .4rem solid var(--level); border-radius: .3rem; background: var(--card); padding: .7rem .9rem; }
.light a { text-decoration: none; font-weight: 600; }
.light p { font-size: .9rem; margin-top: .25rem; }
.good { --level: #2f7d3a; } .watch { --level: #b07a00; } .bad { --level: #c0271a; } .off { --level: #8d877d; }
@media (prefers-color-scheme: dark) { .good { --level: #62b46e; } .watch { --level: #d9a83a; } .bad { --level: #ee6a5c; } }
.badge { display: inline-block; white-space: nowrap; border-radius: 99rem; padding: .02rem .55rem; font-size: .8rem; font-weight: 600; border: 1px solid var(--level); color: var(--ink); }
.badge::before { content: '● '; color: var(--level); }
.scroll { overflow-x: auto; }
.ops table { border-collapse: collapse; font-size: .9rem; width: 100%; font-variant-numeric: tabular-nums; }
.ops th, .ops td { text-align: left; padding: .4rem .55rem .4rem 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
.ops th { font-weight: 600; color: var(--quiet); white-space: nowrap; }
.ops td.n, .ops th.n { text-align: right; white-space: nowrap; }
.ops td code { font-size: .84rem; }
.ops td.name { overflow-wrap: normal; }
.ops td form { white-space: nowrap; }
.ops td input[type=number] { width: 5rem; }
.ops td label { flex-direction: row; align-items: center; gap: .3rem; }
.ops form { display: inline; }
.ops form.filter { display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: end; margin: 1rem 0; }
.ops label { font-size: .85rem; color: var(--quiet); display: inline-flex; flex-direction: column; gap: .15rem; }
.ops input, .ops select, .ops button { font: inherit; font-size: .9rem; padding: .3rem .55rem; border: 1px solid var(--rule); border-radius: .3rem; background: var(--card); color: var(--ink); }
.ops button { cursor: pointer; border-color: var(--quiet); }
.ops button.grave { border-color: #c0271a; }
.ops .said { border: 1px solid var(--rule); border-left: .4rem solid #2f7d3a; padding: .6rem .9rem; margin-top: 1rem; background: var(--card); }
.ops .cut { border-left: .4rem solid #c0271a; padding: .6rem .9rem; margin-top: 1rem; background: var(--card); }
.grid { display: grid; grid-template-columns: repeat(7, minmax(0, 1fr)); gap: .35rem; margin-top: 1rem; }
.grid a { display: block; min-height: 4.4rem; border: 1px solid var(--rule); border-radius: .3rem; padding: .3rem .45rem; font-size: .8rem; text-decoration: none; background: var(--card); border-top: .3rem solid var(--level, var(--rule)); }
.grid b { display: block; font-size: .9rem; }
.spark { height: 1.8rem; width: 5rem; display: block; }
.spark rect { fill: currentColor; opacity: .75; } .spark rect.failed { fill: #c0271a; opacity: 1; }
.path li { border-left: 2px solid var(--rule); padding: 0 0 .9rem 1rem; position: relative; }
.path li::before { content: ''; position: absolute; left: -.36rem; top: .45rem; width: .6rem; height: .6rem; border-radius: 50%; background: var(--level, var(--quiet)); }
`;

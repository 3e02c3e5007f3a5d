/** The look of the server's pages around the card: a newspaper's, in ink on paper. */
import { cardStyle, dark, light } from "../../../widget/style.ts";

const colours = `
:root { color-scheme: light dark; ${light} }
@media screen and (prefers-color-scheme: dark) { :root { ${dark} } }
`;

const fonts = {
  sans: `system-ui, "Segoe UI", Roboto, "Noto Sans", "Noto Naskh Arabic", sans-serif`,
  serif: `Georgia, "Noto Serif", "Noto Naskh Arabic", serif`,
};

export const onOneLine = (style: string) => style.replace(/\n\s*/g, "");

export const pageStyle = onOneLine(`${colours}${cardStyle}
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 ${fonts.sans}; overflow-wrap: anywhere; }
.page { max-width: 60rem; margin: 0 auto; padding: 0 1.25rem 2rem; }
.page :is(h1, h2, h3, p, ul, ol, dl, dd) { margin: 0; padding: 0; }
.page :is(ul, ol) { list-style: none; }
.page a { color: var(--link); text-underline-offset: .15em; }
.page :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.masthead { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: .25rem 1.5rem; padding: .9rem 0 .6rem; border-bottom: 1px solid var(--rule); }
.page .masthead > a { color: var(--ink); font: 700 1.5rem/1.2 ${fonts.serif}; text-decoration: none; }
.masthead nav { display: flex; flex-wrap: wrap; gap: 0 1rem; font-size: .875rem; }
.masthead nav a { padding: .25rem 0; }
.page .masthead nav a[aria-current] { color: var(--ink); font-weight: 600; text-decoration: none; box-shadow: inset 0 -2px var(--mark); }
.page > footer { margin-top: 2.5rem; padding-top: .75rem; border-top: 1px solid var(--rule); color: var(--soft); font-size: .875rem; }
.page > footer p + p { margin-top: .35rem; }
.page > footer a { display: inline-block; padding-block: .15rem; margin-inline-end: 1rem; }
.page .case { border-top: 0; font-size: 1rem; overflow-wrap: anywhere; }
.page .case.full h1 { font-size: clamp(1.5rem, 1.1rem + 2.2vw, 2.25rem); }
.page .case.full h2 { display: inline-block; margin: 0 0 .3rem; font: 600 1.125rem/1.3 ${fonts.serif}; }
.page .case.full h3 { font-size: .9375rem; }
.page .case.full .people { margin-top: .2rem; }
.page .case > p:not([class]) { font-size: 1.0625rem; }
.after > h2, .front h2 { margin-bottom: .75rem; padding-top: .5rem; border-top: 4px solid var(--ink); font: 600 1.125rem/1.3 ${fonts.serif}; }
.after { margin-top: 2rem; }
.history > li { position: relative; padding: 0 0 1rem 1.5rem; border-inline-start: 2px solid var(--rule); padding-inline: 1.4rem 0; }
.history > li::before { position: absolute; inset-inline-start: calc(-.375rem - 1px); top: .4rem; width: .75rem; height: .75rem; border: 2px solid var(--ink); border-radius: 50%; background: var(--paper); box-sizing: border-box; content: ""; }
.history > li.newest::before { background: var(--ink); }
.history > li:is(.correction, .redaction, .withdrawal)::before { border-color: var(--mark); border-radius: 0; transform: rotate(45deg); }
.history > li.correction > p:first-child a { color: var(--mark); }
.history > li:last-child { border-color: transparent; padding-bottom: 0; }
.history :is(.when, .first, .gone) { color: var(--soft); font-size: .875rem; }
.history .note { margin-top: .15rem; }
.page :is(.note, .deck)[dir] { text-align: -webkit-match-parent; text-align: match-parent; }
.history .changes { margin-top: .25rem; font-size: .9375rem; }
.history .changes li { padding-inline-start: 1.1em; text-indent: -1.1em; }
.history .changes li::before { content: "→ "; color: var(--mark); }
[dir="rtl"] .history .changes li::before { content: "← "; }
.history .changes dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .1rem .75rem; margin: .2rem 0 .4rem; text-indent: 0; }
.history .changes dt { color: var(--soft); font-size: .8125rem; line-height: 1.85; }
.history .changes dd { grid-column: 2; }
.history .changes del { color: var(--soft); }
.history .changes ins { text-decoration: none; }
.tag { padding: 0 .4em; border: 1px solid; font-size: .8125rem; font-weight: 600; white-space: nowrap; }
.cite p { max-width: 74ch; padding: .6rem .8rem; background: var(--tint); user-select: all; }
.elsewhere summary { cursor: pointer; }
.elsewhere summary h2 { display: inline; font: 600 1rem/1.4 ${fonts.sans}; }
.elsewhere dl { margin-top: .75rem; font-size: .875rem; }
.elsewhere dt { margin-top: .6rem; font-weight: 600; }
.elsewhere code { display: block; padding: .5rem .6rem; background: var(--tint); font: .8125rem/1.45 ui-monospace, "SFMono-Regular", Consolas, monospace; overflow-wrap: anywhere; white-space: pre-wrap; user-select: all; }
.notice { margin: 1rem 0 0; padding: .8rem 1rem; border-inline-start: 4px solid var(--mark); background: var(--tint); }
.notice h2 { font: 600 1.125rem/1.3 ${fonts.serif}; color: var(--mark); }
.notice p { max-width: 74ch; }
.notice.kept { border-color: var(--rule); font-size: .875rem; }
.refused .kicker { color: var(--mark); font-weight: 700; font-size: .875rem; }
.refused { max-width: 40rem; padding: 2rem 0; text-wrap: pretty; }
.refused h1 { margin-bottom: .5rem; font: 600 1.75rem/1.2 ${fonts.serif}; }
.refused p + p { margin-top: .75rem; }
.intro { margin: 1.25rem 0 1rem; }
.intro h1 { font: 700 clamp(1.75rem, 1.2rem + 3vw, 2.75rem)/1.15 ${fonts.serif}; text-wrap: balance; }
.intro p { max-width: 60ch; margin-top: .4rem; color: var(--soft); }
.search { display: flex; flex-wrap: wrap; align-items: end; gap: .5rem .75rem; margin-bottom: 1.5rem; padding: .8rem 1rem; background: var(--tint); }
.search label { font-size: .875rem; }
.search .query { flex: 1 1 14rem; min-width: 0; }
.search .query input { display: block; width: 100%; }
.search :is(input[type="search"], button) { box-sizing: border-box; min-height: 2.75rem; padding: .3rem .7rem; border: 1px solid var(--soft); border-radius: 0; background: var(--paper); color: var(--ink); font: inherit; }
.search button[type] { border-color: var(--ink); background: var(--ink); color: var(--paper); font-weight: 600; cursor: pointer; }
.search .open { display: flex; align-items: center; gap: .4rem; min-height: 2.75rem; }
.search .open input { width: 1.15rem; height: 1.15rem; margin: 0; accent-color: var(--ink); }
.story :is(h2, h3) { font-family: ${fonts.serif}; font-weight: 600; text-wrap: balance; }
.page .story :is(h2, h3) a { color: var(--ink); text-decoration: none; }
.page .story :is(h2, h3) a:hover { text-decoration: underline; }
.story .kicker { font-size: .875rem; }
.story .kicker b { color: var(--mark); }
.story .kicker bdi { color: var(--soft); }
.story .facts { font-weight: 600; font-size: .875rem; }
.story .act { font-size: .875rem; }
.story .act::before { display: inline-block; width: .6rem; height: .6rem; margin-inline-end: .45rem; background: var(--soft); content: ""; }
.story.active .act::before { border-radius: 50%; background: var(--open); }
.story .moment { color: var(--soft); font-size: .8125rem; }
.lead { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0 2.5rem; padding-bottom: 1.75rem; }
.lead .dated { align-self: start; padding-inline-start: .8rem; border-inline-start: 3px solid var(--mark); }
@media (min-width: 48rem) { .lead { grid-template-columns: minmax(0, 1fr) 17rem; } .lead > :is(.kicker, h2) { grid-column: 1 / -1; } .page .lead .deck { margin-bottom: 0; } }
.page .lead h2 { border: 0; padding: 0; margin: .2rem 0 .5rem; font-size: clamp(1.5rem, 1.1rem + 2.2vw, 2.25rem); line-height: 1.15; }
.page .lead .deck { max-width: 60ch; margin-bottom: .7rem; font-size: 1.125rem; }
.stories { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); gap: 1.25rem 2rem; }
.stories > li { padding-top: .5rem; border-top: 1px solid var(--rule); }
.page .stories h3 { margin: .15rem 0 .35rem; font-size: 1.1875rem; line-height: 1.25; }
.older { margin-top: 1.5rem; }
@media print {
  .masthead nav, .search, .elsewhere, .older, .page > footer .tools { display: none; }
  :root { color-scheme: light; }
  .page { max-width: none; padding: 0 .5rem; }
  body { font-size: 10.5pt; }
  .page a { color: inherit; }
  .case details { break-inside: auto; }
  .history > li, .case li, .case figure { break-inside: avoid; }
  .case details li > a::after { content: " <" attr(href) ">"; font-size: .85em; overflow-wrap: anywhere; }
}
`);

/** In a partner's frame: the frame's own edge is the card's, and its address may have chosen the colours. */
export const embedStyle = onOneLine(`${colours}${cardStyle}
:root[data-theme="light"] { color-scheme: light; }
:root[data-theme="light"], [data-theme="light"] .case { ${light} }
@media screen { :root[data-theme="dark"] { color-scheme: dark; } :root[data-theme="dark"], [data-theme="dark"] .case { ${dark} } }
html { background: var(--paper); }
body { box-sizing: border-box; min-height: 100vh; margin: 0; border: 1px solid var(--rule); border-top: 4px solid var(--ink); background: var(--paper); }
body { display: flex; flex-direction: column; }
main { flex: 1; }
body:not(:has(.foot)) { min-height: 0; }
.case { border: 0; overflow-wrap: anywhere; }
body:has(.compact) { border: 0; }
main > h1 { position: absolute; inset: 0 0 auto; height: 1px; margin: 0; overflow: hidden; clip-path: circle(0); }
.foot { position: sticky; bottom: 0; display: flex; flex-wrap: wrap; gap: 0 1rem; padding: .5rem 1.25rem; border-top: 1px solid var(--rule); background: var(--tint); color: var(--soft); font: .8125rem/1.5 ${fonts.sans}; }
.foot a { color: var(--link); font-weight: 600; text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
`);

/** What the webmasters' page needs beside the pages' own look. */

import { onOneLine } from "../document/style.ts";
import { reserve } from "../embed/look.ts";

export const embedGuideStyle = onOneLine(`
.guide .choose { display: grid; grid-template-columns: minmax(0, 1fr); align-items: end; }
@media (min-width: 30rem) { .guide .choose { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
@media (min-width: 56rem) { .guide .choose { grid-template-columns: 1.4fr 1.6fr 1fr 1.2fr auto; } }
.page .guide .choose :is(input, select) { display: block; box-sizing: border-box; width: 100%; min-height: 2.75rem; padding: .3rem .6rem; border: 1px solid var(--soft); border-radius: 0; background: var(--paper); color: var(--ink); font: inherit; font-size: 1rem; }
.guide section > p { max-width: 74ch; margin-bottom: .6rem; }
.guide .several li { padding: .5rem 0; border-top: 1px solid var(--rule); }
${Object.values(reserve).join("")}
@media (scripting: none) { .guide .preview case-status { height: auto; } }
.preview iframe { display: block; width: 100%; border: 0; }
.guide .soft { color: var(--soft); font-size: .875rem; }
.places details { border-top: 1px solid var(--rule); }
.places details:last-child { border-bottom: 1px solid var(--rule); }
.places summary { padding: .7rem 0; cursor: pointer; font-weight: 600; }
.places details > p { max-width: 74ch; margin-bottom: .6rem; }
.places details > :last-child { margin-bottom: 1.2rem; }
.places img { display: block; max-width: 100%; }
.snippet { display: grid; grid-template-columns: minmax(0, 1fr) auto; align-items: center; margin: 0 0 1rem; padding: .4rem .4rem .75rem .75rem; background: var(--tint); }
[dir="rtl"] .snippet { padding-inline: .75rem .4rem; }
.snippet figcaption { color: var(--soft); font-size: .8125rem; font-weight: 600; }
.snippet pre { grid-column: 1 / -1; margin: .4rem 0 0; white-space: pre-wrap; }
.snippet code { font: .8125rem/1.55 ui-monospace, "SFMono-Regular", Consolas, monospace; overflow-wrap: anywhere; }
.snippet .copy { grid-area: 1 / 2; min-width: 5.5rem; min-height: 2.25rem; padding: .1rem .6rem; border: 1px solid var(--soft); border-radius: 0; background: var(--paper); color: var(--ink); font: inherit; font-size: .8125rem; font-weight: 600; cursor: pointer; }
.snippet .copy:disabled, #chosen[aria-busy="true"] { opacity: .5; }
.snippet .copy:disabled { cursor: default; }
.snippet .copy[hidden] { display: none; }
.guide .privacy dl { margin-bottom: 1rem; }
.privacy dt { font-weight: 600; }
.guide .privacy dd { max-width: 70ch; margin-bottom: .6rem; }
@media (min-width: 48rem) { .guide .privacy dl { display: grid; grid-template-columns: 12rem minmax(0, 1fr); gap: .4rem 1.5rem; } }
.privacy .snippet code { font: inherit; font-size: .9375rem; }
#said { position: absolute; clip-path: inset(50%); }
@media print { .guide :is(.search, .preview, .copy) { display: none; } }
`);

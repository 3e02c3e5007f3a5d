type Colours = Record<string, string>;

const palette = (colours: Colours) =>
  Object.entries(colours)
    .map(([name, colour]) => `--${name}: var(--case-status-${name}, ${colour});`)
    .join("");

const onPaper = {
  paper: "#fff",
  ink: "#1b1b19",
  soft: "#5b5a55",
  rule: "#d8d6cf",
  tint: "#f5f3ee",
  link: "#0b4f8a",
  mark: "#a3200d",
  open: "#1d6b3a",
};

export const light = palette(onPaper);
export const dark = palette({
  paper: "#17181a",
  ink: "#ebe9e3",
  soft: "#aaa79e",
  rule: "#3b3c3f",
  tint: "#222326",
  link: "#8dc1f2",
  mark: "#ff9c85",
  open: "#7bc896",
});

/** The card's look, in the widget and on the server's page. Sizes follow the reader's own text size, not the partner's. */
export const cardStyle = `
.case {
  ${light}
  display: block;
  box-sizing: border-box;
  padding: 1em 1.25em 1.1em;
  border: 1px solid var(--rule);
  border-top: 4px solid var(--ink);
  background: var(--paper);
  color: var(--ink);
  font: var(--case-status-size, medium)/1.5 var(--case-status-font, system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif);
  overflow-wrap: break-word;
}
@media screen and (prefers-color-scheme: dark) {
  .case {
    ${dark}
  }
}
.case :is(h1, h2, h3, h4, h5, h6, p, ul, figure, blockquote) {
  margin: 0;
  padding: 0;
}
.case :is(h1, h2, h3, h4, h5, h6) {
  display: inline;
  font-size: 0.875em;
}
.case :is(.title, blockquote) {
  font-family: var(--case-status-title-font, Georgia, "Noto Serif", "Noto Naskh Arabic", serif);
}
.case .title {
  display: block;
  margin: 0.1em 0 0.5em;
  font-size: 1.5em;
  font-weight: 600;
  line-height: 1.2;
  text-wrap: balance;
}
.case [dir] {
  text-align: -webkit-match-parent;
  text-align: match-parent;
}
.case p {
  max-width: 74ch;
}
.case a {
  color: var(--link);
  text-underline-offset: 0.15em;
}
.case ul {
  list-style: none;
}
.case :is(.kicker, .soft, .moment, .people p, .each p, details li) {
  font-size: 0.875em;
}
.case :is(.kicker bdi, .soft, .moment, .moment b) {
  color: var(--soft);
}
.case [part="number"] {
  white-space: nowrap;
}
.case .kicker b {
  margin-inline-end: 0.4em;
  color: var(--mark);
}
.case .as-of {
  margin: 0.5em 0 0.9em;
  padding-inline-start: 0.75em;
  border-inline-start: 3px solid var(--mark);
}
.case .as-of b {
  display: block;
}
.case > :is(.stale, .demo, .action) {
  margin: 0.9em 0 1em;
  padding: 0.6em 0.8em;
  background: var(--tint);
}
.case > :is(.stale, .demo) {
  max-width: none;
  margin-top: 0.2em;
  padding-block: 0.35em;
  border-inline-start: 3px solid var(--mark);
  font-size: 0.875em;
}
.case .stale .moment {
  font-size: 1em;
}
.case > .moment {
  margin-top: 0.5em;
}
.case .places {
  margin-top: 0.35em;
}
.case .action > b::before {
  display: inline-block;
  margin-inline-end: 0.5em;
  border: 0.36em solid;
  content: "";
}
.case .active > b::before {
  border-radius: 50%;
  color: var(--open);
}
.case :is(.suspended, .lapsed) > b::before {
  padding: 0.22em;
  border-width: 0.14em;
}
.case .people {
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 17em), 1fr));
  gap: 0.75em 1.5em;
  margin: 0.4em 0 0.8em;
}
.case .people:empty {
  display: none;
}
.case .people > li {
  line-height: 1.4;
}
.case :is(.each, .changed, details, footer) {
  padding-top: 0.55em;
  border-top: 1px solid var(--rule);
}
.case .each {
  padding-bottom: 0.9em;
}
.case figure {
  margin: 0.4em 0 1.2em;
  padding-inline-start: 1em;
  border-inline-start: 3px solid var(--rule);
}
.case blockquote {
  max-width: 56ch;
  margin-bottom: 0.35em;
  font-size: 1.12em;
}
.case figcaption {
  font-size: 0.95em;
}
.case .changed {
  padding-bottom: 0.7em;
}
.case summary {
  padding-bottom: 0.5em;
  cursor: pointer;
}
.case details li {
  margin-bottom: 0.6em;
  padding-inline-start: 1.2em;
}
.case details li > a {
  display: inline-block;
  padding-block: 0.2em;
}
.case footer p:first-child a {
  margin-inline-end: 0.8em;
}
.case footer p + p {
  margin-top: 0.35em;
}
.case.full {
  padding-inline: 0;
  border-inline: 0;
  border-bottom: 0;
}
.case.compact {
  padding: 0.5em 0.75em;
  border: 1px solid var(--rule);
  border-inline-start: 4px solid var(--ink);
}
.case.compact > p {
  max-width: none;
  font-size: 0.875em;
}
.case.compact :is(.kicker, .soft) {
  font-size: 1em;
}
.case.compact .kicker {
  color: var(--mark);
}
.case.compact .action {
  margin-inline: 0.3em;
}
.case.timeline details ul {
  margin-inline-start: 0.3em;
  border-inline-start: 2px solid var(--rule);
}
.case.timeline details li {
  position: relative;
}
.case.timeline details li::before {
  position: absolute;
  top: 0.45em;
  inset-inline-start: -0.4em;
  border: 0.33em solid var(--mark);
  border-radius: 50%;
  content: "";
}
@media print {
  .case li, .case figure {
    break-inside: avoid;
  }
  .case summary {
    list-style-type: disclosure-open;
  }
  .case details::details-content {
    content-visibility: visible;
    block-size: auto;
  }
}
`;

/** Paper is light whatever colours a partner gave to the screen. */
const inInk = Object.entries(onPaper)
  .map(([name, colour]) => `--${name}: ${colour};`)
  .join("");

/** Nothing of a partner's page comes in: what would be inherited is reset on the host and, past any partner's rule, on the card. */
export const widgetStyle = `
:host {
  all: initial;
  display: block;
  position: relative;
}
:host([hidden]) {
  display: none;
}
[role] {
  position: absolute;
  top: 0;
  clip-path: circle(0);
}
.case {
  all: initial;
}
${cardStyle}
.case {
  max-height: 100%;
  overflow: auto;
}
@media screen {
  :host([theme=light i]) .case {
    ${light}
  }
  :host([theme=dark i]) .case {
    ${dark}
  }
}
@media print {
  :host {
    height: auto !important;
    max-height: none !important;
  }
  .case {
    ${inInk}
    max-height: none;
    overflow: visible;
  }
}
`;

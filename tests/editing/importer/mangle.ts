/**
 * Damaged copies of a text, as mail programs, web pages and PDF readers make
 * them. The same seed gives the same copy.
 */

/**
 * The mulberry32 generator.
 * @returns numbers from 0 up to, but not including, 1
 */
function randomOf(seed: string): () => number {
  let state = 0;
  for (const letter of seed)
    state = (Math.imul(state, 31) + letter.charCodeAt(0)) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Random = () => number;
const between = (random: Random, low: number, high: number) =>
  low + Math.floor(random() * (high - low + 1));

/**
 * Splits a line that is longer than the width at spaces. Indents and gaps
 * between columns stay.
 */
function wrapLine(line: string, width: number, hyphenate = false): string[] {
  const wrapped: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const space = rest.lastIndexOf(" ", width);
    const word = rest.slice(space + 1).split(" ")[0] ?? "";
    const room = width - space - 2;
    // Programs hyphenate only words of letters, and leave some letters on both
    // sides.
    if (
      hyphenate &&
      space > 0 &&
      /^\p{L}{7,}[.,;:]?$/u.test(word) &&
      room >= 3 &&
      word.length - room >= 3
    ) {
      wrapped.push(`${rest.slice(0, space + 1 + room)}-`);
      rest = rest.slice(space + 1 + room);
    } else if (space < 0 || rest.slice(0, space).trim() === "") {
      // One word fills the line.
      const next = rest.indexOf(" ", width);
      if (next < 0) break;
      wrapped.push(rest.slice(0, next));
      rest = rest.slice(next + 1);
    } else {
      wrapped.push(rest.slice(0, space).trimEnd());
      rest = rest.slice(space + 1);
    }
  }
  return [...wrapped, rest];
}

const byLine = (text: string, change: (line: string) => string | string[]) =>
  text.split("\n").flatMap(change).join("\n");

/**
 * Labels below which a list of names or an address stands, in the five
 * languages.
 */
const listLabels =
  /^(?:> )?(?:APPEALS? (?:TO|DEADLINE)|.*PLEASE SEND APPEALS BEFORE|TARGET'S|CONTACT INFORMATION|NAMES?\b|Names?:|LLAMAMIENTOS A|ENVÍEN LLAMAMIENTOS|NOMBRE|Nombre:|APPELS? À|VEUILLEZ ENVOYER|Appels à|PRÉNOM|Noms? :|APPELLE AN|Appelle an|APPELLI A|INVIARE GLI|Appelli a|NOME|Nome:|[A-Z]{6,}:? {3,}\S)/;

/**
 * Puts a page's foot and the next page's head into the middle of a list, or
 * anywhere when there is none.
 */
function withFooters(text: string, random: Random): string {
  const lines = text.split("\n");
  const labels = lines.flatMap((line, at) =>
    listLabels.test(line) ? [at] : [],
  );
  const at =
    labels.length > 0
      ? labels[between(random, 0, labels.length - 1)]! + between(random, 1, 4)
      : lines.length / 2;
  const foot = [
    ["", "2", ""],
    ["Page 2 of 3"],
    ["", "                                   - 2 -", ""],
    ["Amnesty International                                 2"],
    ["\f"],
  ][between(random, 0, 4)]!;
  lines.splice(Math.min(at, lines.length), 0, ...foot);
  return lines.join("\n");
}

/** Reads a page of two columns from left to right, straight across. */
function acrossColumns(text: string, random: Random): string {
  const width = between(random, 44, 56);
  const lines = byLine(text, (line) => wrapLine(line, width)).split("\n");
  const height = Math.ceil(lines.length / 2);
  return lines
    .slice(0, height)
    .map((line, row) =>
      `${line.padEnd(width + 3)}${lines[height + row] ?? ""}`.trimEnd(),
    )
    .join("\n");
}

function withDoubledHeader(text: string): string {
  const lines = text.split("\n");
  const head = lines.filter((line) => line.trim() !== "").slice(0, 3);
  return [...head, "", ...lines].join("\n");
}

const ligatures = { ffi: "ﬃ", ffl: "ﬄ", ff: "ﬀ", fi: "ﬁ", fl: "ﬂ" } as Record<
  string,
  string
>;

const manglers: Record<string, (text: string, random: Random) => string> = {
  "hard wraps": (text, random) => {
    const width = between(random, 60, 76);
    return byLine(text, (line) => wrapLine(line, width));
  },
  "narrow hard wraps": (text) => byLine(text, (line) => wrapLine(line, 40)),
  hyphenation: (text, random) => {
    const width = between(random, 60, 76);
    return byLine(text, (line) => wrapLine(line, width, true));
  },
  "page footers": withFooters,
  "page footers after wraps": (text, random) =>
    withFooters(
      byLine(text, (line) => wrapLine(line, 66)),
      random,
    ),
  "two columns read across": acrossColumns,
  "quoted mail": (text) =>
    byLine(text, (line) => `> ${wrapLine(line, 72).join("\n> ")}`),
  "a doubled header": withDoubledHeader,
  "lost blank lines": (text) => text.replace(/\n(?:[ \t]*\n)+/g, "\n"),
  "a blank line after each line": (text) => text.replace(/\n/g, "\n\n"),
  "non-breaking spaces": (text, random) =>
    text.replace(/ /g, () => (random() < 0.5 ? "\u00a0" : " ")),
  ligatures: (text) =>
    text.replace(/ff[il]?|f[il]/g, (letters) => ligatures[letters]!),
  "tabs between columns": (text) => text.replace(/ {3,}/g, "\t"),
  "columns run together": (text) => text.replace(/[ \t]{2,}/g, " "),
  "Windows line ends": (text) => text.replace(/\n/g, "\r\n"),
  "white space around lines": (text) => text.replace(/\n/g, "  \n    "),
  "a second copy below": (text) => `${text}\n\n${text}`,
};

export const mangled = Object.keys(manglers);
export const mangle = (how: string, name: string, text: string) =>
  manglers[how]!(text, randomOf(`${how} ${name}`));

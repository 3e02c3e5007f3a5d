/**
 * Reads the text of a rich text file. Nothing in the file is run or fetched.
 */
import { type FileText, UnreadableFile } from "./file-text.ts";

/**
 * Groups without text of the document: tables of fonts, pictures, properties,
 * and any group that a program may skip.
 */
const unseen = new Set(
  "fonttbl colortbl stylesheet info pict object themedata datastore generator listtable listoverridetable rsidtbl xmlnstbl fldinst".split(
    " ",
  ),
);
const written: Record<string, string> = {
  par: "\n",
  line: "\n",
  sect: "\n\n",
  page: "\n\f\n",
  row: "\n",
  cell: "\t",
  tab: "\t",
  emdash: "—",
  endash: "–",
  lquote: "‘",
  rquote: "’",
  ldblquote: "“",
  rdblquote: "”",
  bullet: "•",
};
/**
 * A control word, a character by its code, a control sign, a brace, or text.
 */
const token =
  /\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([\da-f]{2})|\\([^a-z])|([{}])|([^\\{}\r\n]+)|[\r\n]+/giy;

interface Group {
  isSeen: boolean;
  /**
   * How many characters stand for one in Unicode, for programs that know none.
   */
  skipped: number;
}

/**
 * @param start the first bytes, as Latin-1
 * @throws UnreadableFile when it is nested too deeply
 */
export function rtfText(
  file: Uint8Array,
  { limits, start }: { limits: { depth: number }; start: string },
): FileText {
  const source = new TextDecoder("latin1").decode(file);
  const page = /\\ansicpg(\d{3,5})/.exec(start)?.[1] ?? "1252";
  let decoder = new TextDecoder("windows-1252");
  try {
    decoder = new TextDecoder(`windows-${page}`);
  } catch {
    // A code page that isn't one of Windows.
  }
  const text: string[] = [];
  const groups: Group[] = [{ isSeen: true, skipped: 1 }];
  let toSkip = 0;
  const put = (words: string) => {
    const skip = Math.min(toSkip, words.length);
    toSkip -= skip;
    if (groups.at(-1)?.isSeen) text.push(words.slice(skip));
  };
  token.lastIndex = 0;
  for (let found = token.exec(source); found; found = token.exec(source)) {
    const [, word, value, code, sign, brace, words] = found;
    const group = groups.at(-1) as Group;
    if (brace === "{") {
      if (groups.length > limits.depth) throw new UnreadableFile("too-large");
      groups.push({ ...group });
    } else if (brace === "}") {
      if (groups.length > 1) groups.pop();
    } else if (word === "u") {
      put(String.fromCharCode(Number(value) & 0xffff));
      toSkip = group.skipped;
    } else if (word === "uc") group.skipped = Number(value);
    else if (word === "bin") token.lastIndex += Math.max(0, Number(value));
    else if (word !== undefined && unseen.has(word)) group.isSeen = false;
    else if (word !== undefined && written[word] !== undefined)
      put(written[word]);
    else if (code !== undefined)
      put(decoder.decode(Uint8Array.of(Number.parseInt(code, 16))));
    else if (sign === "*") group.isSeen = false;
    else if (sign === "~") put("\u00a0");
    else if (sign === "_") put("-");
    else if (sign !== undefined && /[\\{}]/.test(sign)) put(sign);
    else if (words !== undefined) put(words);
  }
  return { text: text.join(""), unread: [] };
}

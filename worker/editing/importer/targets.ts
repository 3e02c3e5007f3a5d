/**
 * Reads the targets of the appeals, a name or office with its address, e-mail
 * and salutation. Whatever is unclear is left to the editor.
 */
import { isGarbled } from "./encoding.ts";
import { doubt, type Findings, fact } from "./finding.ts";
import { isSalutation } from "./formulas.ts";
import { ends, hasLabel, label } from "./layouts.ts";
import { type DocumentLine, wrapping } from "./lines.ts";

const MAX_TARGETS = 20;
const MAX_ADDRESS_LINES = 60;

export const masks =
  /\[email[\s\u00a0]+protected\]|\[e-?mail hidden\]|\(at\)|email@protected/i;
const email =
  /(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}(?![\w@-])/g;
const contact = new RegExp(
  `(?:${label("contact").source}|${label("greeting").source})\\b[^:]{0,30}:`,
  "iu",
);
/** "Salutation: Dear Minister", also in brackets. */
const greeting = new RegExp(
  `[[(]?(?<!\\p{L})${label("greeting").source.slice(1)} ?: ?([^\\])]{3,80})`,
  "iu",
);

/**
 * What a contact line says beside its labels, numbers and addresses, and no
 * field holds: "Fax: 1 23 (Ms Demo Alfa)".
 */
const others = new RegExp(
  `${contact.source}|${email.source}|(?:https?:|www\\.)\\S+|@\\S+`,
  "giu",
);
const saysMore = ({ text }: DocumentLine) =>
  /\p{Lu}\p{L}|[([][^)\]]*\p{L}/u.test(text.replace(others, ""));

/** Words of offices, with which a target's first line begins it. */
export const offices =
  "president|minist\\p{L}+|prosecut\\p{L}+|governor|director|general|chief|attorney|judge|head|chair\\p{L}*|office|commission\\p{L}*|commander|authorit\\p{L}+|excellency|fiscal|president[ea]|secretar\\p{L}+|procureure?|direct\\p{L}+|gouverneure?|\\p{L}*minister\\p{L}*|\\p{L}*anwalt\\p{L}*|presidente|procurator\\p{L}*".split(
    "|",
  );
const office = new RegExp(
  `(?<!\\p{L})(?:${offices.join("|")})(?!\\p{L})`,
  "iu",
);

/** Columns that ran together leave the label of the copies inside a line. */
const copies = new RegExp(
  `(?<!\\p{L})${label("copies").source.slice(1)}`,
  "iu",
);

/** A line that needs the next one. */
const isCut =
  /(?: (?:of|for|and|the|&|de|del|la|el|los|las|y|du|des|et|pour|der|des|die|für|und|di|della|dei|degli|e)|[/-])$/i;

const isProse = ({ text }: DocumentLine) =>
  text.length > 160 || (/[.!?]$/.test(text) && text.split(" ").length > 12);

/** The addressees' lines below the place at which a call for appeals ends. */
function regionFrom(lines: DocumentLine[], start: number): DocumentLine[] {
  const region = lines.slice(start, start + MAX_ADDRESS_LINES);
  const end = region.findIndex(
    (line) =>
      line.text !== "" &&
      (hasLabel(line.text, ...ends, "copies", "names") ||
        /^(?:ua[ :]|https?:)/i.test(line.text) ||
        isProse(line)),
  );
  return end < 0 ? region : region.slice(0, end);
}

const isContact = ({ text }: DocumentLine) =>
  contact.test(text) ||
  text.includes("@") ||
  masks.test(text) ||
  greeting.test(text);

/**
 * Splits lines into targets, which empty lines, numbers or a salutation
 * separate. Contact details belong to the target above.
 */
function blocksIn(lines: DocumentLine[]): DocumentLine[][] {
  const blocks: DocumentLine[][] = [];
  let isNew = true;
  for (const line of lines) {
    const numbered = /^\(?\d{1,2}(?:\)\.?|\.) */.exec(line.text)?.[0] ?? "";
    const own = { ...line, text: line.text.slice(numbered.length) };
    const last = blocks.at(-1);
    if (line.text === "") isNew = true;
    else if (
      last &&
      !numbered &&
      (!isNew || (isContact(line) && last.length > 1)) &&
      !last.some(({ text }) => greeting.test(text))
    ) {
      last.push(own);
      isNew = false;
    } else {
      blocks.push([own]);
      isNew = false;
    }
  }
  return blocks;
}

/**
 * The places at which the addresses begin: below a label, or between a call to
 * use the model letter and its salutation.
 */
function startsIn(lines: DocumentLine[]): number[] {
  const starts = lines.flatMap(({ text }, at) =>
    hasLabel(text, "addressees") ? [at + 1] : [],
  );
  if (starts.length > 0) return starts;
  const call = lines.findIndex(({ text }) => hasLabel(text, "model"));
  const dear = lines.findIndex((line, at) => at > call && isSalutation(line));
  if (call < 0 || dear < call || dear - call > 40) return [];
  // The call may go on in a second line, and advice may follow it.
  const goesOn = wrapping(lines);
  let start = call + 1;
  while (
    (goesOn(lines[start - 1], lines[start]) &&
      lines[start]?.text === lines[start]?.text.toUpperCase()) ||
    /^(?:(?:or|your|own|in|use|this|model|words|letter)\b ?)+$/i.test(
      lines[start]?.text ?? "",
    ) ||
    (start - call < 6 && hasLabel(lines[start]?.text ?? "", "advice"))
  )
    start++;
  return [start];
}

export function* findTargets(
  lines: DocumentLine[],
): Findings<{ count: number; isWhole: boolean; isGreeted: boolean }> {
  const goesOn = wrapping(lines);
  const at = new Map(lines.map(({ number }, index) => [number, index]));
  const isWrapped = ({ number }: DocumentLine) =>
    goesOn(lines[at.get(number) ?? 0], lines[(at.get(number) ?? 0) + 1]);
  const starts = startsIn(lines);
  /** Some pages contain the same text twice. Each target is kept once. */
  const seen = new Set<string>();
  let [count, isWhole, isGreeted] = [0, true, false];
  function* leave(
    own: DocumentLine[],
    line = own[0] as DocumentLine,
  ): Findings {
    isWhole = false;
    yield doubt(
      "target-not-certain",
      line.number,
      line.text,
      "/action/targets",
    );
  }
  for (const [index, start] of starts.entries()) {
    const region = regionFrom(lines.slice(0, starts[index + 1]), start);
    // Two columns read across mix two addresses.
    const columns = region.filter(({ raw }) =>
      /[^\s:.)](?:\t| {3,})\S/.test(raw.trim()),
    );
    if (columns.length > 0) {
      yield* leave(
        region.filter(({ text }) => text !== ""),
        columns[0],
      );
      continue;
    }
    for (const own of blocksIn(region)) {
      const key = own.map(({ text }) => text).join("\n");
      if (seen.has(key)) continue;
      seen.add(key);
      const [first] = own as [DocumentLine];
      const details = own.findIndex(isContact);
      const address = own.slice(1, details < 0 ? undefined : details);
      const greetings = own.flatMap(
        (line) =>
          greeting.exec(line.text)?.[1]?.replace(/[,.]$/, "").trim() ?? [],
      );
      const [salutation = ""] = greetings;
      const isUnclear =
        address.length === 0 ||
        greetings.length > 1 ||
        // What follows the contact details may be another target.
        (details >= 0 && own.slice(details).some((line) => !isContact(line))) ||
        !(
          office.test(first.text) ||
          (salutation !== "" &&
            first.text.includes(salutation.split(" ").at(-1) as string))
        ) ||
        /[:,]./.test(first.text) ||
        isCut.test(first.text) ||
        // Below the foot of a page the same addressee may go on, or the next
        // one begin.
        own.some(
          (line) => isGarbled(line.text) || (line.page && line !== first),
        ) ||
        own.some(
          ({ text }) => hasLabel(text, "embassy") || copies.test(text),
        ) ||
        [first, ...own.filter(({ text }) => greeting.test(text))].some(
          isWrapped,
        );
      if (isUnclear || count === MAX_TARGETS) {
        yield* leave(own);
        continue;
      }
      const pointer = `/action/targets/${count++}`;
      const words = (line: DocumentLine) => line.text.replace(/[,:]$/, "");
      yield fact(`${pointer}/name`, words(first), first.number);
      yield fact(
        `${pointer}/address`,
        address.map(words).join("\n"),
        first.number,
      );
      const mails = own.flatMap((line) =>
        [...line.text.matchAll(email)].map(([value]) => ({
          value,
          line: line.number,
        })),
      );
      const [mail, other] = mails;
      if (mail && !other && !/protected/i.test(mail.value))
        yield fact(`${pointer}/email`, mail.value, mail.line);
      else if (mail)
        yield doubt(
          "not-understood",
          mail.line,
          mails.map(({ value }) => value).join(", "),
          `${pointer}/email`,
        );
      if (salutation)
        yield fact(
          `${pointer}/salutation`,
          salutation,
          own.at(-1)?.number ?? first.number,
        );
      isGreeted ||= salutation !== "";
      for (const line of details < 0 ? [] : own.slice(details))
        if (
          !greeting.test(line.text) &&
          !masks.test(line.text) &&
          saysMore(line)
        )
          yield doubt("target-not-certain", line.number, line.text, pointer);
    }
  }
  return { count, isWhole, isGreeted };
}

/** Decides whether a text is a document that the importer reads: whose text it is, in which layout and in which language. */
import type { Failure } from "../../../shared/failure.ts";
import type { KnownIssuer } from "../../../shared/profile/schema.ts";
import type { Unimportable, Unreadable } from "../../../shared/refusals/documents.ts";
import { headingStart } from "./formulas.ts";
import { hasLabel, importedLanguages, type LayoutLabel } from "./layouts.ts";
import { type DocumentLine, wrapping } from "./lines.ts";
import { indexesIn, numbersIn } from "./numbers.ts";
import { isReadAcross } from "./zones.ts";

export type RefusedDocument =
  | { tag: "unreadable"; reason: Unreadable }
  | {
      tag: Unimportable;
      /** The line that shows it; null when the whole text does. */
      line: number | null;
      words: string;
    };

export interface Admitted {
  /** Null when the text doesn't name it. */
  issuer: { name: string; line: number } | null;
  /** Null when the text is too short to tell. */
  language: (typeof importedLanguages)[number] | null;
}

/** Frequent words of each language that few other languages share. */
const common: Record<string, string> = {
  en: "the of and has was were with from that by his her they have been who",
  es: "los las del que una por con para fue sus y más muy pero desde hasta",
  fr: "les des une est dans pour par qui aux leur du vous au sur été elle",
  de: "der die das und ist wurde mit von den nicht dem ein eine im zu sie",
  it: "il della che di per con sono alla gli nel è dal dei degli delle",
  pt: "não uma os das dos em ao foi são pela do pelo até você seu ele",
  nl: "het een van zijn niet voor met werd aan door",
  tr: "ve bir bu için ile olarak tarafından olan daha değil",
  pl: "nie się jest na że oraz przez został dla przed",
  sv: "och att det som är inte har för av till",
  ca: "els amb dels seva aquest però està una les pels",
  ro: "și în care pentru este din sunt nu cu fost",
};
const wordOf = new Map<string, string[]>();
for (const [tag, words] of Object.entries(common))
  for (const word of words.split(" ")) wordOf.set(word, [...(wordOf.get(word) ?? []), tag]);

/** A shorter text may be a list of names in another script. */
const MIN_LETTERS = 80;

/** The language of the running text: a tag, "other" for a script that none of them uses, or null when none clearly leads. */
function languageOf(lines: DocumentLine[]): string | null {
  const counts: Record<string, number> = {};
  let letters = 0;
  let latin = 0;
  for (const { text } of lines) {
    letters += text.match(/\p{L}/gu)?.length ?? 0;
    latin += text.match(/\p{Script=Latin}/gu)?.length ?? 0;
    for (const [word] of text.toLowerCase().matchAll(/\p{L}+/gu))
      for (const tag of wordOf.get(word) ?? []) counts[tag] = (counts[tag] ?? 0) + 1;
  }
  if (letters > MIN_LETTERS && latin * 2 < letters) return "other";
  const [first, second] = Object.entries(counts).toSorted(([, a], [, b]) => b - a);
  return first && first[1] >= 3 && first[1] > (second?.[1] ?? 0) * 1.6 ? first[0] : null;
}

/** The whole line, and the columns of a page that was read straight across. */
const cellsOf = ({ raw, text }: DocumentLine): string[] => [
  text,
  ...raw
    .trim()
    .split(/\s{3,}|\t/)
    .slice(0, 3),
];

const MAX_HEAD_LINES = 15;
/** A line whose first characters name the issuer is its heading, its address or its own statement. */
const MAX_SIGNATURE_START = 32;
const MAX_TOP_LINES = 60;

const kinds = {
  "press-release":
    /^(?:(?:for immediate )?(?:press|news|media) (?:release|statement|advisory|briefing)|for immediate release|news service\b|embargo(?:ed)?\b|communiqué de presse|comunicado (?:de prensa)?$|nota de prensa|pressemitteilung|medienmitteilung|comunicato stampa|public statement$|déclaration publique$|declaración pública$)/i,
  opinion:
    /^(?:op-?ed\b|opinion(?: piece)?$|opinion ?[:|–-]|comment(?:ary)?$|viewpoint\b|editorial$|column$|letter to the editor|tribune$|tribune ?[:|]|point de vue|columna(?: de opinión)?$|(?:artículo de )?opinión$|gastkommentar|meinung$|kommentar$|(?:l['’])?opinione$|le opinioni espresse|the views expressed|the opinions expressed)/i,
  report:
    /^(?:(?:table of )?contents$|executive summary$|table des matières$|sommaire$|índice$|resumen ejecutivo$|inhaltsverzeichnis$|sommario$|annual report\b|rapport annuel\b|informe anual\b|jahresbericht\b|rapporto annuale\b|(?:the )?amnesty international report\b|amnesty international (?:informe|rapport|report) (?:19|20)\d\d|(?:the )?state of the world['’]s human rights|la situation des droits humains dans le monde|(?:el estado|la situación) de los derechos humanos en el mundo|zur weltweiten lage der menschenrechte|la situazione dei diritti umani nel mondo|methodology$|glossary$|first published in \d{4}|isbn\b|chapter \d|(?:report|briefing|research briefing|bericht|rapport|informe|rapporto)$|inhalt$|executive summary)/i,
};

/** Labels that only documents with a request to write have. */
const strong: LayoutLabel[] = [
  "names",
  "previous",
  "addressees",
  "recommended",
  "model",
  "deadline",
  "until",
  "asks",
  "closing",
  "languages",
];
/** Labels with a value behind them. */
const valued: LayoutLabel[] = [
  "index",
  "date",
  "country",
  "names",
  "addressees",
  "until",
  "languages",
  "title",
  "previous",
  "background",
];

const organisation =
  /^(?:the )?(?:\p{Lu}[\p{L}’'-]*|of|for|the|and|de|des|la|los|el|et|y|für|und|der|per|i|dei|&|in|on|to|against|pour|para|du|les)(?: (?:\p{Lu}[\p{L}’'-]*|of|for|the|and|de|des|la|los|el|et|y|für|und|der|per|i|dei|&|in|on|to|against|pour|para|du|les)){0,8}$/u;
const organisationNoun =
  /(?<!\p{L})(?:watch|network|committee|federation|centre|center|observatory|foundation|association|alliance|coalition|defenders?|institute|league|union|society|initiative|project|forum|campaign|advocates|monitor|rights|lawyers without borders|reporters|pen|collective|council|group|organi[sz]ation|fondation|fédération|observatoire|réseau|comité|ligue|red|federación|fundación|observatorio|liga|asociación|stiftung|netzwerk|verein|komitee|rete|federazione|osservatorio|fondazione|lega|comité|comitato)(?!\p{L})/iu;
/** "The Invented Observatory calls on you to write": an organisation speaks of itself. */
const speaks =
  /^(?:the )?((?:\p{Lu}[\p{L}’'-]*|of|for|the|and|de|du|des|la|del|y|et|für|der)(?: (?:\p{Lu}[\p{L}’'-]*|of|for|the|and|de|du|des|la|del|y|et|für|der)){0,8})(?: \([^()]{2,80}\))?,? (?:(?:therefore|also|today|again|strongly|now) )?(?:(?:is|are) (?:deeply |gravely |seriously |very )?(?:concerned|alarmed|issuing)|(?:asks?|urges?|calls?|requests?|solicita|pide|ha sido informada|demande|vous prie|vous demande|bittet|fordert|chiede|invita)(?!\p{L}))|^(?:issued|published|distributed|prepared) by:? (.{3,80})$/u;

/** "PUBLIC AI Index: … UA 12/98 …": the number's line begins with another label. */
const labelsNumber =
  /^(?:external|public|extern\p{L}*|públic\p{L}*|öffentlich|pubblico|document public|[A-Z]{3} \d\d\/)(?!\p{L})/iu;
/** The words behind a number in a sentence: "UA 12/98 was issued in May". */
const isSentencesStart = (behind: string): boolean =>
  /^[).]$|^\)|^,? (?!(?:and|on|for|y|et|und|e|de|sur|sobre|su|to|originally)\b)\p{Ll}{2,} /u.test(behind);

/** "Urgent action 126.19" */
const bareNumber = /^(?:urgent action[ :–-]*)?\d{1,3}\.\d\d$/i;

const MAX_LABEL_LENGTH = 40;
const placeholder =
  /\[(?:insert|name|date|country|number|title|address|text|your|xx)[^\]]{0,60}\]|<(?:insert|name|date|country|number|title)[^>]{0,60}>|_{4,}|\.{6,}|…{3,}|\bX{3,}\b|\b(?:dd|tt|jj)[/.](?:mm)[/.](?:yy|aa|jj)/i;

/** True for a line with an organisation's name: alone, in a column, before a dash, or before its address. */
const isOrganisation = ({ raw, text }: DocumentLine) =>
  text.length < 160 &&
  raw
    .trim()
    .split(/\s{3,}|\t| [-–|] |, /)
    .slice(0, 3)
    .some(
      (part) => part.length < 90 && organisationNoun.test(part) && organisation.test(part) && !numbersIn(part).length,
    );

const speaksFor = ({ text }: DocumentLine) => {
  const [, speaker, publisher] = text.length < 2000 ? (speaks.exec(text) ?? []) : [];
  return (speaker !== undefined && organisationNoun.test(speaker)) || publisher !== undefined;
};

/** The forms that name an issuer. "amnesty." is the start of a domain, and not the end of a sentence. */
function signsOf({ name, words }: KnownIssuer) {
  const written = (word: string) =>
    `(?<![\\p{L}\\d])${word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}${word.endsWith(".") ? "(?=\\p{Ll}{2})" : "(?![\\p{L}\\d])"}`;
  const any = new RegExp(words.map(written).join("|"), "iu");
  const domains = words.filter((word) => word.endsWith("."));
  const domain = domains.length > 0 ? new RegExp(domains.map(written).join("|"), "iu") : null;
  return {
    name,
    names: (text: string) => any.test(text),
    /** True for a line with its web or e-mail address. */
    isAddressIn: (text: string) => text.length < 400 && /www\.|https?:|@/i.test(text) && domain?.test(text) === true,
  };
}

/** @returns what the extractors need to know of the whole text, or the refusal */
export function admit(lines: DocumentLine[], issuers: readonly KnownIssuer[]): Admitted | { refused: RefusedDocument } {
  const refuse = (tag: Unimportable, line: DocumentLine | null, words = line?.text ?? "") => ({
    refused: { tag, line: line?.number ?? null, words: words.slice(0, 200) } as RefusedDocument,
  });
  const filled = lines.filter(({ text }) => text !== "");
  const top = filled.slice(0, MAX_TOP_LINES);
  const head = filled.slice(0, MAX_HEAD_LINES);
  const foot = filled.slice(MAX_HEAD_LINES).slice(-MAX_HEAD_LINES);
  const known = issuers.map(signsOf);
  const of = (line: DocumentLine) => known.find(({ names }) => names(line.text));
  const first = filled.find(of);
  const named = first ? { name: of(first)?.name as string, line: first.number } : null;

  const goesOn = wrapping(lines);
  const goesOnFrom = (line: DocumentLine) => goesOn(lines[lines.indexOf(line) - 1], line);
  const hasHeading = top.some((line) => {
    const start = line.text.slice(0, 300);
    const [number] = headingStart.test(start) ? numbersIn(start) : [];
    // "UA 12/98 was issued on his behalf": a sentence about another text.
    return (
      number !== undefined && !isSentencesStart(start.slice(number.at + number.written.length)) && !goesOnFrom(line)
    );
  });
  const hasNumber =
    hasHeading ||
    top.some((line) => {
      const start = line.text.slice(0, 300);
      if (bareNumber.test(start)) return true;
      const [number] = line.text.length < 160 ? numbersIn(start) : [];
      if (!number) return false;
      const [before, behind] = [start.slice(0, number.at), start.slice(number.at + number.written.length)];
      // Inside a sentence it belongs to a case that the text only mentions.
      const isAlone = /^[^,;.]{0,8}$/.test(behind) && /(?:^|[(:–—|-] ?|urgent action )$/i.test(before);
      return (isAlone && !goesOnFrom(line)) || labelsNumber.test(before);
    });
  const hasIndex = top.some(({ text }) => {
    const [index] = indexesIn(text.slice(0, 300));
    return index !== undefined && (index.at < 60 || /index|índice|indice/i.test(text.slice(0, 300)));
  });
  const labelled = strong.filter((name) => lines.some(({ text }) => text.length < 400 && hasLabel(text, name)));
  // A text that only mentions the issuer is not the issuer's.
  const signed = filled.some(
    ({ text }) =>
      known.some(({ names }) => names(text.slice(0, MAX_SIGNATURE_START))) ||
      known.some(({ isAddressIn }) => isAddressIn(text)),
  );
  const isNumbered = hasNumber || hasIndex;

  if (isReadAcross(lines)) return refuse("columns", null);
  // A heading says whose number it is; a number at the end of a line may be a sentence's.
  if (!hasHeading)
    for (const [tag, pattern] of Object.entries(kinds)) {
      const where = tag === "report" ? top : head;
      const line = where.find((one) => cellsOf(one).some((cell) => pattern.test(cell)));
      if (line) return refuse(tag as keyof typeof kinds, line);
    }
  const language = languageOf(filled);
  if (language !== null && !(importedLanguages as readonly string[]).includes(language))
    return refuse("language", null, language === "other" ? "" : language);

  const blanks = filled.filter(({ text }) => placeholder.test(text));
  const empty = lines.filter(
    ({ text }, at) =>
      /:\s*$/.test(text) &&
      ((valued.some((name) => hasLabel(text, name)) && !lines[at + 1]?.text && !lines[at + 2]?.text) ||
        (text.length < MAX_LABEL_LENGTH &&
          /:\s*$|^$/.test(lines.slice(at + 1, at + 4).find((next) => next.text !== "")?.text ?? ""))),
  );
  if (!hasNumber && blanks.length + empty.length >= 3 && filled.filter(({ text }) => text.length > 100).length < 2)
    return refuse("empty-form", blanks[0] ?? empty[0] ?? null);

  if (!hasIndex && !signed) {
    const other =
      [...filled.slice(0, 6), ...foot.slice(-3)].find((line) => isOrganisation(line)) ?? filled.find(speaksFor);
    if (other) return refuse("other-issuer", other);
  }
  const own = labelled.filter((name) => name !== "asks" && name !== "closing");
  if (!isNumbered && own.length === 0 && labelled.length < 2) return refuse("no-appeal", null);
  return { issuer: named, language: language as Admitted["language"] };
}

/** The failure to report for a refusal. */
export const failureOf = (
  refused: RefusedDocument,
): Extract<Failure, { tag: "unreadable-document" | "not-importable" }> =>
  refused.tag === "unreadable"
    ? { tag: "unreadable-document", reason: refused.reason }
    : { tag: "not-importable", reason: refused.tag, line: refused.line, words: refused.words };

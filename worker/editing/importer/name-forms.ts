/** The form of people's names, and of words that resemble them. */
import { isGarbled } from "./encoding.ts";

const particles =
  /^(?:al|el|ag|bin|bint|bent|binti|binte|bte|'t|[’‘]t|ter|ten|zu|zum|af|av|ap|ní|o|ibn|ben|ould|de|del|della|da|das|dos|di|du|la|las|los|van|von|der|den|y|e|abu|abou|ul|ur|le|mc|wa|ole|arap|uld|mint|aït|ait|vom|zur)$/i;
const generic =
  /^(?:according|after|at|before|by|during|following|from|in|on|since|when|while|with) |\b(?:january|february|april|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|others?|members?|famil(?:y|ies)|relatives?|villagers?|residents?|people|persons?|men|women|man|woman|children|child|boys?|girls?|students?|activists?|prisoners?|detainees?|refugees?|asylum|seekers?|workers?|journalists?|leaders?|civilians?|supporters?|employees?|staff|community|communities|peasants?|demonstrators?|protesters?|leaders|amnesty|international|urgent|action|appeal|index|date|the|including|all|his|her|their|inhabitants?|population|several|many|unknown|various|others|possible|fear|torture|death|penalty|legal|concern|execution|hundreds|thousands|dozens|one|two|three|four|five|six|seven|eight|nine|ten|both|male|female|gender|party|union|movement|association|organization|organisation|committee|president|minister|university|human|rights|lawyer|defenders?)\b/i;

/** Words that are never part of a name, even where a label or a mark says that it is one. */
const neverInName =
  /(?:^|\s)(?:others?|members?|famil(?:y|ies)|relatives?|villagers?|residents?|people|persons|men|women|man|woman|children|girls|boys|students?|activists?|prisoners|detainees|boy|girl|child|baby|unnamed|unidentified|anonymous|withheld|not known|all|including|unknown|various|both|several|many)(?:\s|$)/u;
const institutional =
  /\b(?:Amnesty|International|Urgent|Appeals?|Index|Members|Others|Families|Family|Villagers|Residents|Relatives|Unknown|Various|Address|Salutation)\b|\b(?:Refugees|Prisoners|Activists|Students|Workers|Women|Children|Protesters|Journalists|People|Peoples|Communit(?:y|ies)|Relatives|Defenders|Lawyers|Centre|Center|Organi[sz]ation|Association|Group|Network|Union|Committee|Foundation|Movement|Party|Newspaper|Radio|Tribe|Camp|Village|Coalition|Council|Institute|Society|Seekers|Migrants|Leaders|Detainees|Process|Project|Programme|Commission|Federation|Council|Unit|Brigades?|Church|Mission|Company|Ltd|Inc|Corporation|University|College|School|Hospital)\b|\b(?:Comisi[oó]n|Corporaci[oó]n|Asociaci[oó]n|Comit[eéEÉ]|Movimiento|Centro|Unidad|Colectivo|Colectiva|Sindicato|Fundaci[oó]n|Consejo|Organizaci[oó]n|Federaci[oó]n|Confederaci[oó]n|Coordinadora|Grupo|Comunidad(?:es)?|Familiares|Integrantes|Miembros|Defensor[ae]s|Trabajadores|Campesinos|Proceso|Universidad|Instituto|Frente|Partido|Red|Ligue|Collectif|Mouvement|Conseil|Syndicat|F[eé]d[eé]ration|Groupe|Communaut[eé]|Membres|Habitants|Familles?|Etudiants|Étudiants|D[eé]fenseurs|Autres|Otros|Otras)\b|\b(?:Agency|Bureau|Newspaper|News|Magazine|Times|Bank|Court|Ministry|Front|Army|Forces?|Police|Battalion|Congress|Parliament|Trust|Department|Clinic|Monastery|Mosque|Academy|Faculty|Factory|Club|Clan|District|Province|Prison|Office|Assembly|Alliance|Campaign|Initiative|Forum|Human Rights|Universit[éà]|Universit(?:y|ies)|Escuela|Colegio|École|Hospital|Parish|Diocese|Embassy|Airport|Street|Hotel)\b|\bn\/?a\b/iu;

/** A line break in a name, when the text does not show whether the name goes on. No name contains it. */
export const BREAK = "\u2424";

/** True for two to seven words that are capitalised or particles. @param vouched a label or a mark says that it is a name; one word is enough then */
export function isName(written: string, vouched: boolean): boolean {
  // "Demo “Alfa” Bravo" has a nickname.
  const text = vouched
    ? written.replace(
        /(?<=\p{L}[.’']? )(?:“[\p{L} '’-]{2,30}”|"[\p{L} '’-]{2,30}"|«[\p{L} '’-]{2,30}») (?=\p{Lu})/u,
        "",
      )
    : written;
  if (
    isGarbled(text) ||
    text.length < 2 ||
    text.length > 70 ||
    (vouched ? neverInName : generic).test(text) ||
    institutional.test(text) ||
    /[\d"“”/@:;!?<>[\]{}_*=|©\u2424]/.test(text)
  )
    return false;
  const words = text.split(" ");
  if (words.length > 7 || (words.length === 1 && !vouched)) return false;
  const capitals = words.filter(
    (word) =>
      /^['‘’ʼ]?(?:\p{Lu}|\p{Lo})/u.test(word) ||
      /^(?:al|el|ul|as|ash|ad|ar|az|an|at|d|l)[-'’][‘’'ʼ]?\p{Lu}/u.test(word),
  );
  return (
    capitals.length > 0 &&
    // A name cut at its particle is not whole: "Demo van".
    (words.length === 1 || !particles.test(words.at(-1) as string)) &&
    words.every((word) => capitals.includes(word) || particles.test(word)) &&
    /\p{L}{2}/u.test(text)
  );
}

const scripts = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
];
export const mixesScripts = (text: string) => scripts.filter((script) => script.test(text)).length > 1;

/** Turns "[f]" into "(f)". */
export const squareMarks = (text: string) => text.replace(/\[(m|f|h|w|male|female)\]/gi, "($1)");

/** An entry of a list. `comma` is true when a comma follows it. */
export interface Entry {
  text: string;
  comma: boolean;
}

const joints = /^ (?:(?:and|&|et) |y (?=(?:sus? |otr[oa]s? |l[ao]s |\d)))/i;

/** Splits a list at commas, semicolons and "and", but not inside brackets or numbers. */
export function entriesOf(text: string): Entry[] {
  const found: Entry[] = [];
  let depth = 0;
  let piece = "";
  const cut = (comma: boolean) => {
    if (piece.trim()) found.push({ text: piece.trim(), comma });
    piece = "";
  };
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] as string;
    if (letter === "(") depth++;
    if (letter === ")") depth = Math.max(0, depth - 1);
    if (depth === 0 && (letter === ";" || (letter === "," && !/^\d,\d{3}(?!\d)/.test(text.slice(at - 1, at + 5))))) {
      cut(letter === ",");
      continue;
    }
    const joint =
      depth === 0 && letter === " "
        ? (joints.exec(text.slice(at, at + 12)) ??
          (text[at - 1] === ")" ? /^ [ye] /.exec(text.slice(at, at + 3)) : null))
        : null;
    if (joint) {
      cut(false);
      at += joint[0].length - 1;
    } else piece += letter;
  }
  cut(false);
  return found;
}

const plural =
  "members|families|relatives|residents|inhabitants|villagers|people|peasants|workers|employees|supporters|students|detainees|prisoners|refugees|asylum[- ]seekers|migrants|activists|protesters|demonstrators|leaders|children|women|men|boys|girls|miembros|integrantes|familiares|habitantes|trabajadores|campesinos|membres|habitants|comunidades|communities|staff|population";
const groups = [
  // "15 others", "more than 60 members"; but not "7 months pregnant"
  /^(?:\d[\d,. ]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|many|several|various|about|around|some|at least|more than|over|approximately|nearly|possibly|hundreds|scores|dozens|thousands|(?:an)?other|otr[oa]s|autres)\b(?! ?(?:months?|weeks?|years?)\b)(?=.*\p{Ll}{3})/iu,
  /^(?:dos|tres|cuatro|cinco|seis|siete|ocho|diez|deux|trois|quatre|cinq|six|sept|huit|neuf|dix) \p{Ll}/u,
  new RegExp(
    `^(?:(?:the|all|their|his|her|los|las|les) )*(?:${plural}|family|community|member|comunidad|communauté)(?: (?:of|from|in|at|de|del|du|des)\\b|$)`,
    "iu",
  ),
  /^(?:an?|the) (?:unnamed|unidentified|unknown)\b|^others?\b/iu,
  // "the Demo family", "la familia Demo"
  /(?:^| )(?:famil(?:y|ies)|siblings|brothers|sisters|couple|twins|children|communit(?:y|ies))$|^(?:la |the |l['’])?famil(?:ia|le) /iu,
];

/** True for people without individual names: "15 others", "the Demo family", "members of …". */
export const isGroup = (text: string): boolean => groups.some((group) => group.test(text));

const titles =
  /^(?:Mrs?|Ms|Miss|Dr|Prof|Professor|Rev|Reverend|Fr|Father|Bishop|Archbishop|Pastor|Venerable|Ven|Sheikh|Sra?|Srta|Señor(?:a|ita)?|Lic|Ing|Mme|Mlle|Madame|Mademoiselle|Monsieur|Maître|Frau|Herrn?|Signora?|Col|Gen|Capt|Lt|Sgt)(?:\. ?| )(?=\p{Lu}[\p{L}'’.-]* ?\p{L})/u;
/** A name without a title such as "Dr" or "Mrs". */
export const bareName = (name: string): string => name.replace(titles, "");

/** Decides from the running text whether a name is a person's. In a list without marks nothing else separates people from places and groups. */
import { ends, hasLabel } from "./layouts.ts";
import { type DocumentLine, wrapWidth } from "./lines.ts";

const MIN_PARAGRAPH_LENGTH = 100;

/** The running text, without headings and lists: long lines, and paragraphs whose lines a program has broken. */
export function proseOf(lines: DocumentLine[]): string {
  const isBroken = wrapWidth(lines) !== null;
  const paragraphs: string[][] = [[]];
  let isList = false;
  for (const { text } of lines) {
    if (hasLabel(text, "names")) isList = true;
    else if (text === "" || (isList && hasLabel(text, ...ends.names))) isList = false;
    if (text === "" || isList) paragraphs.push([]);
    else paragraphs.at(-1)?.push(text);
  }
  return paragraphs
    .flatMap((own) => {
      const isWrapped =
        isBroken &&
        own.length > 1 &&
        own.join(" ").length > MIN_PARAGRAPH_LENGTH &&
        own.some((text) => /\p{Ll}{2}[.!?][”"’']?$/u.test(text));
      return isWrapped ? own : own.filter((text) => text.length > 40);
    })
    .join(" ");
}

const occupation =
  "(?:accountant|activist|actor|actress|advocate|agronomist|artist|attorney|author|baker|blogger|builder|businessman|businesswoman|carpenter|catechist|chairman|chairperson|chairwoman|chief|clerk|colonel|commander|correspondent|councillor|deputy|director|doctor|driver|economist|editor|electrician|employee|engineer|farmer|fisherman|general|graduate|housewife|imam|journalist|judge|lawyer|leader|lecturer|librarian|lieutenant|major|man|manager|mayor|mechanic|member|minister|monk|musician|nun|nurse|officer|official|organi[sz]er|owner|painter|peasant|pharmacist|photographer|physician|poet|politician|preacher|president|priest|producer|professor|prosecutor|publisher|pupil|reporter|researcher|secretary|sergeant|shopkeeper|singer|soldier|spokesman|spokesperson|spokeswoman|student|tailor|teacher|trader|unionist|vendor|woman|worker|writer)";

/** The description after one person's name in a list: an age, "female", "former medical student", "manager in publishing"; never "students". */
const description = new RegExp(
  `^(?:(?:now )?(?:aged? )?(?:about )?\\d{1,3}(?: years old)?$|(?:fe)?male$|(?:an? )?(?:[\\p{L}'’-]+ ){0,4}?${occupation}(?:$| (?:of|at|in|for|with|from|and)\\b))`,
  "iu",
);
export const describesPerson = (text: string): boolean => description.test(text);

const title =
  "(?:Mrs?|Ms|Dr|Prof|Professor|Father|Sister|Brother|Rev|Reverend|Bishop|Sheikh|Captain|Lieutenant|Sergeant|President)\\.?";
const kin =
  "(?:wife|husband|son|daughter|brother|sister|mother|father|cousin|uncle|aunt|nephew|niece|partner|colleague|friend)";
const befell =
  "(?:abducted|acquitted|arraigned|arrested|assassinated|beaten|beheaded|born|charged with|convicted|deported|detained|disappeared|executed|freed|hanged|hospitali[sz]ed|imprisoned|interrogated|kidnapped|last seen|married|murdered|pardoned|questioned|raped|released|sentenced|shot|stabbed|taken (?:away|from|into|to)|tortured|tried|wounded)";
const eventNoun =
  "(?:abduction|arrest|beating|detention|disappearance|execution|family|ill-treatment|imprisonment|interrogation|killing|murder|release|torture|trial|whereabouts)";

/** Words right after a name that describe only its bearer. */
const beside = [
  /^,? (?:(?:now )?aged \d|an? \d{1,3}-year|\d{1,3},|and (?:his|her) |\((?:m|f)\b)/u,
  new RegExp(
    `^,? (?:an?|the|his|her)(?: [\\p{L}-]+){0,3}? ${occupation}(?! (?:association|camp|communit|federation|group|movement|organi[sz]ation|party|settlement|town|union|village))(?!\\p{L})`,
    "iu",
  ),
  new RegExp(`^['’]s? (?:${kin}|family|whereabouts|body|health)\\b`, "u"),
];
/** Words right after a name or a list of names: what happened to the people. */
const told = [
  new RegExp(`^,? (?:(?:is|was|are|were|be|been|has|have|had|being) (?:[\\p{L}-]+ ){0,4}?)["'“‘]?${befell}\\b`, "u"),
  /^,? (?:is|are|was|were|remains?|remained|has been|have been)(?: \p{L}+){0,3} (?:in|under) (?:\p{L}+ ){0,2}(?:detention|custody|prison|arrest)\b/u,
  /^,? who (?:is|was|are|were|has|have|had)\b/u,
];
const ahead = [
  new RegExp(`(?:^| )${title} $`, "u"),
  new RegExp(`(?:^| )(?:${occupation}s?|${kin}|men|women|detainees|prisoners?) $`, "iu"),
  new RegExp(`(?:^| )["'“‘]?${eventNoun}["'”’]? of (?:(?!(?:at|from|in|near|of) )\\p{Ll}+ ){0,3}$`, "u"),
];

const word = "(?:['‘’ʼ]?\\p{Lu}[\\p{L}'‘’ʼ.-]*|[Aa]l-['‘’ʼ]?\\p{L}+|bin|ibn|de|del|la|al|el|van)";
const name = `${word}(?: ${word}){1,5}`;
const joint = "(?:, and |, | and )";
/** Other names of a list before the name: "A, B and C". */
const before = new RegExp(`(?:(?:${title} )?${name}${joint})+$`, "u");
const after = new RegExp(`^(?:${joint}(?:${title} )?${name})+`, "u");

const partOf = /(?:^| )(?:at|around|by|for|from|in|into|near|of|on|the|through|to|towards|with) $/i;

const MAX_OCCURRENCES = 20;

/** True when an occurrence of the name in the prose can only be about a person. */
export function isSpokenOfAsPerson(name: string, prose: string): boolean {
  let at = prose.indexOf(name);
  for (let tries = 0; at >= 0 && tries < MAX_OCCURRENCES; tries++) {
    const end = at + name.length;
    const rest = prose.slice(end, end + 200);
    const lead = prose.slice(Math.max(0, at - 200), at);
    const isWhole = !/^[\p{L}\d]/u.test(rest) && !/[\p{L}\d-]$/u.test(lead);
    if (
      isWhole &&
      // "Members of Demo Alfa were arrested" is about the members.
      (beside.some((sign) => sign.test(rest)) ||
        (!partOf.test(lead.replace(before, "")) && told.some((sign) => sign.test(rest.replace(after, "")))) ||
        ahead.some((sign) => sign.test(lead) || sign.test(lead.replace(before, ""))))
    )
      return true;
    at = prose.indexOf(name, end);
  }
  return false;
}

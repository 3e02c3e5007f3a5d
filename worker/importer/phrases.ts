/** Formulas, in three languages, that state a document's position in its series, ask for appeals or close the action. */
import type { Line } from "./lines.ts";

export const ordinals: Record<string, number> = {};
for (const names of [
  "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth",
  "1st 2nd 3rd 4th 5th 6th 7th 8th 9th 10th 11th 12th 13th 14th 15th 16th 17th 18th 19th 20th",
  "primera segunda tercera cuarta quinta sexta séptima octava novena décima",
  "première deuxième troisième quatrième cinquième sixième septième huitième neuvième dixième",
  "1re 2e 3e 4e 5e 6e 7e 8e 9e 10e",
])
  for (const [at, name] of names.split(" ").entries()) ordinals[name] = at + 1;
const ordinal = Object.keys(ordinals).join("|");
/** "First UA: 126/19", "THIRD UA 60/16". */
export const inHeading = new RegExp(`\\b(${ordinal}) (?:UAA?|AU|EXTRA|EX)\\b[ :]`, "i");
/** "This is the fourth and final output for UA 126/19", "This is the first update of UA 142/14". Translations only say that it is the last. */
export const inClosing = new RegExp(
  `\\bthis is the (?:(${ordinal})|final|last)( and final| and last)? (output|update|outcome|urgent action|ua)\\b|(?<!\\p{L})(?:[ée]sta es la (?:\\p{L}+ y )?última|ceci est la (?:\\S+ et )?dernière) (?:actualización|mise à jour|acción urgente|action urgente|au)(?!\\p{L})`,
  "iu",
);
/** A form's label for the title, on the title's line or above it. */
export const titleLabel = /^(?:urgent action )?title ?(?::|$) ?/i;

/** True for the salutation of a model letter. */
export const isSalutation = ({ text }: Line): boolean =>
  /^(?:dear\b.{0,95}|your (?:excellency|majesty))$/i.test(text) ||
  /^(?:your (?:excellency|(?:royal )?(?:majesty|highness)|honou?r)|estimad[oa]|señora?|excmo|excelencia|excelentísim[oa]|excellence|monsieur|madame)(?!\p{L}).{0,60}[:,]$/iu.test(
    text,
  );

export const closing =
  /\b(no further action (?:by the ua network |from the ua network )?(?:is|was) (?:requested|required|needed|necessary)|(?:requires?|needs?) no further action|no further action (?:is )?(?:requested|required|needed)|no (?:further|more) appeals are (?:requested|required|needed|necessary)|please (?:do not|don['’]t) send (?:any )?(?:further|more) appeals|please (?:take no further action|send no (?:further|more) appeals)|please stop sending appeals|there is no need (?:for (?:any )?(?:further|more) appeals|to send (?:any )?(?:further|more) appeals)|no se (?:requiere|solicita|pide) (?:ninguna otra|ninguna|m[aá]s) acci[oó]n|no se requieren? (?:m[aá]s|nuevas|otras) acci[oó]n(?:es)?|no (?:es|se considera) necesario (?:emprender|realizar|llevar a cabo) (?:ninguna otra|m[aá]s|nuevas) acci[oó]n(?:es)?|no es necesaria ninguna otra acci[oó]n|aucune (?:autre |nouvelle )?action (?:complémentaire |supplémentaire )?n['’]est (?:requise|demandée|nécessaire)|cierre de au\b)/i;

/** True for the notice that websites add below an Urgent Action that has ended. */
export const isOver = ({ text }: Line): boolean =>
  (text.length > 600 && / Action terminée\b/.test(text)) ||
  /^(?:action terminée|acci[oó]n (?:terminada|finalizada|cerrada)|abgeschlossen am \d.{0,30}|this (?:urgent )?action (?:is|has) (?:now )?(?:been )?(?:over|closed|ended|expired))\.?$/i.test(
    text,
  );

const asks =
  /^(?:\d\. )?(?:(?:further )?recommended action\b|write a letter in your own words\b|please write immediately\b|please send appeals\b|(?:\d\) ?)?take action\b|appeals to ?:|appeal deadline\b|please take action\b|target['’]?s['’]? contact details\b|send appeals before\b|escriban inmediatamente|env[ií]en (?:sus )?llamamientos|act[uú]en ?:|envoyez (?:vos )?appels|dans les appels que vous ferez parvenir|passez à l['’]action ?:|acci[oó]n recomendada|acciones recomendadas|actions? recommandées?)/i;

/** The line that calls for appeals; undefined when there is none. */
export const askingIn = (lines: Line[]): Line | undefined =>
  lines.find(
    ({ text }) =>
      (asks.test(text) && !/^take action now/i.test(text)) ||
      // On a page without line breaks the call is inside the only line.
      (text.length > 600 &&
        /[.:;] PLEASE SEND APPEALS BEFORE |[.:] TAKE ACTION: WRITE |ENVOYE[RZ] VOS APPELS AVANT LE /.test(text)),
  );

/** True when the closing formula begins a sentence. Inside a sentence it may be a quotation. It may wrap onto the next line. */
export function closes({ text: own }: Line, at: number, lines: Line[]): boolean {
  if (own === "") return false;
  const next = lines[at + 1]?.text ?? "";
  const text = own.length < 200 && next !== "" ? `${own} ${next}` : own;
  const found = closing.exec(text);
  if (!found || found.index >= own.length) return false;
  const last = lines[at - 1]?.text ?? "";
  // The sentence began on the line above.
  if (found.index === 0 && /^\p{Ll}/u.test(own) && last !== "" && !/[.!?:”"]$/.test(last)) return false;
  const before = text.slice(0, found.index);
  if (/^(?:requires?|needs?)/i.test(found[0]))
    return /\b(?:ua|case|appeal|action)s?\b[^.]*$/i.test(before) && text.length < 300;
  return (
    before === "" ||
    /[.!?:–—-] $/.test(before) ||
    /(?:^|[.!?:] )(?:dans l[’']état actuel des choses|à ce stade|pour le moment|à l[’']heure actuelle|por el momento|por ahora|at present|at this time|for the moment|for now),? $/i.test(
      before,
    )
  );
}

export const further =
  /\b(further information on|follow-?up (?:on|to)|más información sobre|información (?:complementaria|adicional) sobre|actualización (?:de|sobre)|seguimiento (?:de|a)|informations? complémentaires? sur|compléments? d[’']information sur|actions? complémentaires? sur|mise à jour (?:de|sur))(?!\p{L})/iu;

/** The beginning of a heading's line. */
export const headingStart = new RegExp(
  `^(?:(?:${ordinal}) )?(?:further information on|follow-?up (?:on|to)|más información sobre|(?:nueva |más )?información (?:complementaria|adicional) sobre|actualización (?:de|sobre)|seguimiento (?:de|a)|cierre de|informations? complémentaires? sur|compléments? d[’']information sur|actions? complémentaires? sur|mise à jour (?:de|sur)|stop action on|urgent action[: -]*(?:(?:update|appeal|type and number)[: -]*)?(?:update \\d{1,2} (?:on|of|to|for) )?|update \\d{1,2} (?:on|of|to|for) |outcome[: -]*|clôture de l[’']|title:|número de|ua number:?)? ?:?(?:the |l['’]|la )?(?:(?:${ordinal}) )?(?:UAA?|AU|EXTRA|EX|MA|NSA)(?![A-Za-z])`,
  "i",
);

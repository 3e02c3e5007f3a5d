/** Reads the statuses that the running text states unmistakably. All others are left to the editor. */
import type { PartialDate } from "../../shared/case/schema.ts";
import { datesIn } from "./dates.ts";
import type { Drafting } from "./draft.ts";
import type { Sentence } from "./lines.ts";
import type { Named } from "./people.ts";

const units =
  "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );
const tens = ["twenty", "thirty", "forty", "fifty"];
const word = `(?:${[...units].reverse().join("|")})`;
const amount = `(?:\\d{1,3}|(?:${tens.join("|")})(?:[- ]${word})?|${word})`;

function count(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  return text
    .toLowerCase()
    .split(/[- ]/)
    .reduce((sum, part) => sum + (units.indexOf(part) + 1 || (tens.indexOf(part) + 2) * 10), 0);
}

const term = new RegExp(
  `^ ?(?:(death|life(?: imprisonment| in prison)?)|(${amount})( and a half)?(?: years?['’]?(?: and (${amount}) months?)?| and a half years?| (months?)['’]?))(?: each)?(?:['’]? ?(?:in (?:prison|jail|a penal colony|a (?:strict|general)[- ]regime (?:penal )?colony)|of imprisonment|imprisonment|(?:in )?custody))?(?: each)?(?![-\\p{L}\\d])`,
  "iu",
);

/** The term at the start of a text ("P10Y6M", "life", "death") and its length in characters; null when there is none. */
function termAt(text: string): { duration: string; length: number } | null {
  const found = term.exec(text);
  if (!found) return null;
  const [whole, final, number = "", half, months, onlyMonths] = found;
  if (final) return { duration: final.toLowerCase().startsWith("life") ? "life" : "death", length: whole.length };
  const value = count(number);
  if (value < 1 || value > 150) return null;
  // A second number right behind it belongs to the same sentence in ways this can't tell.
  if (onlyMonths) return { duration: `P${value}M`, length: whole.length };
  const isHalf = half !== undefined || /and a half years?/i.test(whole);
  const extra = isHalf ? 6 : months ? count(months) : 0;
  return { duration: `P${value}Y${extra ? `${extra}M` : ""}`, length: whole.length };
}

const doubtful =
  /\b(could|may|might|if|faces?|facing|risks?|would|will|can|carr(?:y|ies)|previously|originally|initially|earlier|already|not|never|nor|without|absentia|(?:his|her|their) absence|suspended|half of|of which|of them|probation|separate|another case|calls? for|called for|prosecutors?|requested|sought|demanded|appeals? for|between|alleged|reportedly|reports?|rumou?rs?|unconfirmed|feared|had been|years? ago|in the (?:19|20)\d\ds)\b/i;
/** Words for a later change of a sentence. If the document contains one, no sentence is certain. */
const changed =
  /\b(reduc(?:ed|tion|ing)|commut\w+|overturn\w*|quash\w*|increas\w+|suspended sentence|acquit\w*|pardon\w*|amnesty (?:law|decree)|annul\w*|retrial|retried|re-?sentenced|set aside|lowered|cut (?:his|her|their) sentence|replaced|released on|conditional release|parole\w*)\b/i;

/** A requested pardon has not been granted. */
const hoped = /\b(?:seek|request|ask for|appeal for|apply for|petition for) (?:an? )?(?:\w+ )?pardons?\b/gi;

/** Words for an earlier case, or for a sentence that was served. */
const past =
  /\b(?:(?:was|were) (?:first |later |conditionally |then )?(?:released|freed)|served (?:his|her|their|a|the|\S+ years)|(?:first|previous|earlier|second) (?:sentence|conviction|imprisonment|trial)|time served|second time|(?:was|were|been) (?:executed|hanged|beheaded|shot dead)|died (?:in|on|after|of|from)|(?:has|have) (?:now )?been (?:released|freed|pardoned|exiled))\b/i;

const marks = /⟦(\d+)⟧/g;

/** Replaces names by marks, the longest first, so that patterns can match the grammar around them. */
function marked(text: string, people: Named[]): string {
  let result = text.replace(/[⟦⟧]/g, "");
  const spellings = people.flatMap(({ spellings: own }, at) => own.map((spelling) => ({ spelling, at })));
  for (const { spelling, at } of spellings.toSorted((a, b) => b.spelling.length - a.spelling.length))
    result = result.split(spelling).join(`⟦${at}⟧`);
  // A surname alone, if only one person has it and no other name precedes it.
  const last = (named: Named) => named.name.split(" ").at(-1) as string;
  for (const [at, named] of people.entries()) {
    const surname = last(named);
    if (surname.length < 3 || people.some((other, index) => index !== at && other.name.split(" ").includes(surname)))
      continue;
    result = result.replace(
      new RegExp(
        `(?<![\\p{L}⟧'’-] ?|\\p{Lu}[\\p{L}.'’-]{0,30} )${surname.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")}(?![\\p{L}-])`,
        "gu",
      ),
      `⟦${at}⟧`,
    );
  }
  return result;
}

const list = "⟦\\d+⟧(?:(?:, (?:and )?| and )⟦\\d+⟧)*";
const passive = new RegExp(
  `(${list}),? (?:(?:was|were|has been|have been) )(?:each |both |all )?(?:(?:convicted|found guilty)(?: (?!sentenced)[\\p{L}-]+){0,12},? and )?(?:later |also )?sentenced to`,
  "gu",
);
const next = new RegExp(`^(?:,? and |, )(${list}),?(?: (?:was|were) sentenced)? to`, "u");
const persons = (text: string) => [...text.matchAll(marks)].map(([, at]) => Number(at));

/** True when the list is complete: no other name or person comes right before it. */
const whole = (before: string) =>
  (before.trim() === "" ||
    /(?:[.:;“"(] |\b(?:that|when|where|while|whereas|(?:defender|activist|journalist|lawyer|brother)s?|men|women)[, ]+|(?:^| )\p{Ll}+,? and )$/u.test(
      before,
    )) &&
  // "The wife of journalist …" is another person.
  !/(?:\b(?:of|for|with|by|against|to|from)|['’]s?) (?:[^\s.;:]+ ){0,5}$/u.test(before);

function sentencesPassed(
  sentences: Sentence[],
  people: Named[],
  since: number,
  drafting: Drafting,
): Map<number, { duration: string; line: number }> {
  const found = new Map<number, { duration: string; line: number }>();
  const contested = new Set<number>();
  const upset = sentences.find(({ text }) => changed.test(text.replace(hoped, "")) || past.test(text));
  for (const { text, line } of sentences) {
    if (!/\bsentenced\b/i.test(text) || text.length > 4000) continue;
    const plain = marked(text, people);
    let took = false;
    // An older sentence may belong to another case.
    const old = datesIn(text).some((date) => date.year !== undefined && date.year < since - 1);
    if (!doubtful.test(text) && !upset && !old)
      for (const match of plain.matchAll(passive)) {
        if (!whole(plain.slice(0, match.index))) continue;
        let names = persons(match[1] as string);
        let rest = plain.slice(match.index + match[0].length);
        for (;;) {
          const passed = termAt(rest);
          const behind = passed ? rest.slice(passed.length) : "";
          if (
            !passed ||
            /^(?:,? (?:and|plus|followed by|in addition to|or) (?:to )?(?:an? (?:further|additional|fine)|\d|life|death|years?\b)|[-–]|,\d| or )/i.test(
              behind,
            ) ||
            /^,? (?:and|plus|followed by) (?:one|two|three|four|five|six|seven|eight|nine|ten|further|an)\b/i.test(
              behind,
            )
          )
            break;
          took = true;
          for (const at of names) {
            if ((found.get(at)?.duration ?? passed.duration) !== passed.duration) contested.add(at);
            found.set(at, { duration: passed.duration, line });
          }
          const more = next.exec(behind);
          if (!more) break;
          names = persons(more[1] as string);
          rest = behind.slice(more[0].length);
        }
      }
    if (!took && /\bsentenced to (?:\S+ ){0,4}?(?:\d|years?\b|death\b|life\b|months?\b)/i.test(text)) {
      const concerned = [...new Set(persons(plain))];
      drafting.warn("sentence-not-certain", line, text);
      for (const at of concerned.slice(0, 10)) drafting.restate(`/people/${at}/sentence`, text, line);
    }
  }
  for (const at of contested) {
    drafting.warn(
      "sentence-not-certain",
      found.get(at)?.line ?? null,
      people[at]?.name ?? "",
      `/people/${at}/sentence`,
    );
    found.delete(at);
  }
  return found;
}

const upheld =
  /\b(?:court(?: of (?:appeals?|cassation))?s?|judges?|appeals?) (?:has |have )?(?:upheld|confirmed) (?:the )?convictions?(?: and (?:the )?(?:\S+ ){0,8}?sentences?)? (?:of|against) (.{1,200})/iu;
const groups = "two three four five six seven eight nine ten eleven twelve".split(" ");

export function findStatuses(
  sentences: Sentence[],
  people: Named[],
  asOf: PartialDate | null,
  source: string,
  drafting: Drafting,
): void {
  const numbered = drafting.draft.case.number?.year ?? Number(asOf?.date.slice(0, 4) ?? 0);
  const passed = sentencesPassed(sentences, people, numbered, drafting);
  if (!asOf || people.length === 0) {
    // A status needs a date.
    if (passed.size > 0) drafting.warn("status-left-open", null, "", "/people");
    return;
  }
  const state = (pointer: string, value: unknown, line: number, certainty: "stated" | "inferred" = "stated") => {
    drafting.fill(`${pointer}/value`, value, line, certainty);
    drafting.fill(`${pointer}/asOf`, asOf, line, "inferred");
    drafting.fill(`${pointer}/statedBy`, "Amnesty International", line, "inferred");
    drafting.fill(`${pointer}/source`, source, line, "inferred");
  };

  const designated = new Map<number, { prisoner?: number; defender?: number }>();
  const designate = (at: number, what: "prisoner" | "defender", line: number) =>
    designated.set(at, { [what]: line, ...designated.get(at) });
  const convicted = new Map<number, number>();
  for (const { text, line } of sentences) {
    if (text.length > 4000) continue;
    const doubt = /\b(not|no longer|never|if|would|could|may|former|alleged|denies|other|ex-|was|were)\b/i;
    const plain = marked(text, people);
    const clause =
      /^(?:(?:they are|the \w+ (?:men|women) are|all (?:of them |\w+ )?are|he is|she is) (?:all )?)(?:an? )?prisoners? of conscience\b/i.exec(
        plain,
      );
    const everyone = clause && (people.length === 1 || /^(?:they are all|all\b|the (\w+) )/i.test(clause[0]));
    const number = clause && /^the (\w+) /i.exec(clause[0])?.[1]?.toLowerCase();
    const counts = !number || groups.indexOf(number) + 2 === people.length || Number(number) === people.length;
    // "They are all" may include more people than are listed, so the text's count must match the number of people.
    if (
      everyone &&
      counts &&
      !drafting.draft.warnings.some(({ tag }) => tag === "count-differs" || tag === "others-unnamed")
    )
      for (const at of people.keys())
        if (people.length > 1 || !/^(?:they|all|the)/i.test(clause[0])) designate(at, "prisoner", line);
    const own =
      /^⟦(\d+)⟧ is a prisoner of conscience\b|\bconsiders ⟦(\d+)⟧ (?:to be )?a prisoner of conscience\b|^prisoner of conscience ⟦(\d+)⟧/i.exec(
        plain,
      );
    const one = own?.[1] ?? own?.[2] ?? own?.[3];
    // A released person is no longer a prisoner of conscience.
    if (
      one !== undefined &&
      !doubt.test(text) &&
      !/\b(?:released|freed|pardoned|acquitted|died|executed|free)\b/i.test(text)
    )
      designate(Number(one), "prisoner", line);
    for (const match of plain.matchAll(/\bhuman rights defender ⟦(\d+)⟧/gi))
      if (
        !/\b(?:former|fellow|of|for|by|with|to|not an?|alleged)\b[^.]{0,40}$/i.test(plain.slice(0, match.index)) ||
        /\bconvictions? (?:and .{0,60})?of [^.]{0,40}$/i.test(plain.slice(0, match.index))
      )
        designate(Number(match[1]), "defender", line);
    const decided = doubt.test(text.replace(/\b(?:was|were|other)\b/gi, "")) ? null : upheld.exec(plain);
    if (!decided) continue;
    const object = decided[1] as string;
    const companions = /⟦(\d+)⟧ and (?:his|her) (\w+) co-defendants\b/i.exec(object);
    const first = new RegExp(`^(?:[\\p{Ll}-]+ |Crimean |Tatar )*(${list})(?! and|⟦)`, "u").exec(object);
    if (
      companions &&
      groups.indexOf((companions[2] ?? "").toLowerCase()) + 3 === people.length &&
      groups.includes((companions[2] ?? "").toLowerCase())
    )
      for (const at of people.keys()) convicted.set(at, line);
    else if (first?.[1] && !/^ ?(?:,|and)/.test(object.slice(first[0].length)))
      for (const at of persons(first[1])) convicted.set(at, line);
  }

  const text = sentences.map((sentence) => sentence.text).join(" ");
  const nobodyFree =
    !/\b(?:absentia|house arrest|(?:was|were|been|is|are) (?:now )?(?:conditionally )?(?:released|freed|free|exiled|transferred|pardoned)|on bail|parole|fled|abroad|in exile|died|executed|quashed|overturned|acquitted|hospital|whereabouts)\b/i.test(
      text,
    );
  const held =
    /\b(?:must be (?:immediately |unconditionally )*(?:and unconditionally )?(?:released|freed)|jail sentences|immediate(?:ly)? (?:and unconditional(?:ly)? )?release)\b/i.test(
      text,
    );
  for (const [at, { pointer }] of people.entries()) {
    const own = designated.get(at);
    let place = 0;
    for (const [line, value] of [
      [own?.prisoner, "prisoner-of-conscience"],
      [own?.defender, "human-rights-defender"],
    ] as const)
      if (line !== undefined) state(`${pointer}/designations/${place++}`, value, line);
    const sentence = passed.get(at);
    const line = convicted.get(at);
    if (sentence) state(`${pointer}/sentence`, { duration: sentence.duration }, sentence.line);
    if (line !== undefined && nobodyFree) {
      drafting.fill(`${pointer}/proceedings/0/id`, "proceeding", line, "inferred");
      state(`${pointer}/proceedings/0`, "conviction-upheld", line);
    }
    if (line !== undefined && sentence && /^P|life/.test(sentence.duration) && nobodyFree && held)
      state(`${pointer}/custody`, "imprisoned", line, "inferred");
  }
  if (people.length > convicted.size) drafting.warn("status-left-open", null, "", "/people");
}

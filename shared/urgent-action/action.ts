/** What people are asked to do: its state, deadline, those addressed, the letter and its languages. */
import { datesIn, edtfOf } from "./dates.ts";
import type { Drafting } from "./draft.ts";
import type { Identity } from "./identity.ts";
import { columnsOf, type Line, labelled } from "./lines.ts";
import { askingIn } from "./phrases.ts";

const deadlines =
  /\b(?:(?:please )?send (?:your )?appeals?(?: immediately)?[^.]{0,60}? (?:before|by|until|no later than)|if (?:you are )?sending appeals after|please take action (?:as soon as possible )?(?:until|before|by)|take action (?:as soon as possible )?until|contact (?:this|these) (?:\w+ )?officials? by|env[ií]en (?:sus )?(?:llamamientos|apelaciones),?[^.]{0,60}? (?:antes del|hasta el|no más tarde del)|act[uú]en (?:lo antes posible )?(?:antes del|hasta el)|envoyez (?:vos )?appels[^.]{0,40}? (?:avant le|jusqu['’]au)|merci d[’']agir[^.]{0,60}? avant le)(?!\p{L}) ?:?/iu;
const deadlineNotice = /^appeal deadline(?: notice)?\b/i;

const masks = /\[email[\s\u00a0]+protected\]|\[e-?mail hidden\]|\(at\)|email@protected/i;
const email = /(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}(?![\w@-])/g;
const contact =
  /^(?:e-?mails?|correo(?:-e| electr[oó]nico)?|courriels?|correos|t[eé]l[eé]copies?|t[eé]l[eé]phone|tel[eé]fono|tratamiento|encabezado|formule d['’]appel|x|fax(?:es)?|tel(?:ephone|egrams?|ex(?:es)?)?|phone|twitter|facebook|website|web|salutation|telegrams?|telexes?|instagram|mobile|whatsapp)\b[^:]{0,30}:/i;
const office =
  /\b(president|minister|ministry|prosecutor|governor|director|general|chief|ambassador|king|queen|attorney|judge|head|chair(?:man|person|woman)?|office|secretary|commissioner|speaker|commander|department|ombuds\w+|superintendent|inspector|leader|emir|sultan|chancellor|mayor|warden|administration|committee|service|police|council|board|court)\b/i;

/** Languages by their English name; the tags are those of the target's preferred languages. */
let languageNames: Map<string, string> | null = null;
function languageTag(name: string): string | null {
  if (!languageNames) {
    languageNames = new Map([
      ["farsi", "fa"],
      ["persian", "fa"],
      ["burmese", "my"],
      ["castilian", "es"],
      ["tagalog", "tl"],
      ["khmer", "km"],
      ["mandarin", "zh"],
      ["kirghiz", "ky"],
    ]);
    const prints = ["en", "es", "fr"].map(
      (tag) => new Intl.DisplayNames([tag], { type: "language", fallback: "none" }),
    );
    for (const tag of "af am ar az be bg bn bs ca cs da de dv dz el en es et fa fi fil fr ga he hi hr ht hu hy id is it ja ka kk km kn ko ku ky lo lt lv mg mk ml mn mr ms my ne nl no or pa pl ps pt rn ro ru rw sd si sk sl so sq sr sv sw ta te tg th ti tk tl tr uk ur uz vi zh zu".split(
      " ",
    )) {
      for (const print of prints) {
        const known = print.of(tag);
        if (known && !languageNames.has(known.toLowerCase())) languageNames.set(known.toLowerCase(), tag);
      }
    }
  }
  return languageNames.get(name.toLowerCase()) ?? null;
}

function languagesIn(text: string, line: number, drafting: Drafting): string[] {
  const tags: string[] = [];
  const cut = text.split(
    /[.;]| if possible| You (?:can|may)|(?:,? (?:or|and))? (?:in )?your own|(?:,? [ou])?(?: en)? su propi[oa]|,? ou dans votre/i,
  )[0] as string;
  for (const part of cut.split(/,|\/| or | and | ou? | y | et |&/)) {
    const name = part
      .replace(/^\s*(?:in|preferably|either|or|and|en)\s+/i, "")
      .replace(/\([^)]*\)/g, "")
      .trim();
    if (!name) continue;
    const tag = languageTag(name);
    if (tag) tags.push(tag);
    else drafting.warn("language-not-known", line, name, "/action/targets/0/languages");
  }
  return [...new Set(tags)];
}

/** A day's EDTF when it can be a deadline of a text issued then: not before it, and within a year. */
function plausible(date: string, { issuedOn, ownYear }: Identity, numbered: number | undefined): boolean {
  const year = Number(date.slice(0, 4));
  if (!issuedOn) return year >= (ownYear ?? numbered ?? year) && year <= (ownYear ?? year) + 1;
  const days = (Date.parse(date) - Date.parse(issuedOn)) / 86_400_000;
  return days >= 0 && days <= 366;
}

function findDeadline(lines: Line[], identity: Identity, drafting: Drafting): void {
  const { issuedOn } = identity;
  const places = [
    ...lines.flatMap((line) => {
      const found = deadlines.exec(line.text);
      return found
        ? [{ text: (line.text.slice(found.index + found[0].length).split(/\.(?: |$)/)[0] ?? "").slice(0, 60), line }]
        : [];
    }),
    ...labelled(lines, deadlineNotice).map(({ value, line }) => ({ text: value.slice(0, 200), line })),
  ];
  const found: { date: string; line: number; asStated: string; certainty: "stated" | "inferred" }[] = [];
  for (const { text, line } of places) {
    const days = datesIn(text).filter(({ day }) => day !== undefined);
    const [first] = days;
    if (!first) {
      if (/\d/.test(text)) drafting.warn("deadline-not-understood", line.number, text.trim(), "/action/until");
      continue;
    }
    let date = edtfOf(first);
    let certainty: "stated" | "inferred" = "stated";
    if (first.year === undefined && issuedOn) {
      const year = Number(issuedOn.slice(0, 4));
      date =
        [year, year + 1]
          .map((guess) => edtfOf({ ...first, year: guess }))
          .find((guess) => guess !== null && guess >= issuedOn) ?? null;
      certainty = "inferred";
      drafting.warn("year-inferred", line.number, first.asStated, "/action/until");
    }
    if (
      !date ||
      first.ambiguous ||
      !plausible(date, identity, drafting.draft.case.number?.year) ||
      new Set(days.map((day) => edtfOf(day))).size > 1
    )
      drafting.warn(
        "deadline-not-understood",
        line.number,
        days.map(({ asStated }) => asStated).join(", "),
        "/action/until",
      );
    else found.push({ date, line: line.number, asStated: first.asStated, certainty });
  }
  const [first] = found;
  if (!first) return;
  if (new Set(found.map(({ date }) => date)).size > 1) {
    drafting.warn("several-deadlines", first.line, found.map(({ asStated }) => asStated).join(", "), "/action/until");
    return;
  }
  drafting.fill("/action/until", first.date, first.line, first.certainty);
}

const salutations = /\[?\b(?:salutation|tratamiento|encabezado|formule d['’]appel) ?: ?([^\]]{3,80})/i;

interface Block {
  lines: Line[];
}

const copies =
  /^(?:please )?(?:and )?(?:with )?(?:send )?cop(?:y|ies) (?:to|of)|^(?:y |env[ií]en )?(?:también )?copias? (?:a|de)\b|^y env[ií]en copias|^env[ií]en también copia|^copies? (?:à|aux?)\b|^veuillez également|^(?:please )?(?:also )?send copies|^c\.?c\.?:|^additional (?:targets|copies)|^and to diplomatic|^diplomatic representatives/i;
const ends =
  /^(?:dear\b|estimad[oa]s?\b|excelencia\b|monsieur\b.*,$|madame\b.*,$|background|additional information|informaci[oó]n (?:adicional|complementaria|general)|complément d[’']information|informations? complémentaires?|consulten|vérifiez|check with|nombre|noms?\b|prénom|contact|letter|recommended|urgent action|please (?:check|send|take|insert|write)|preferred language|name|link to|this is the|https?:|appeal deadline|letter\b|take action|ua[ :])/i;

/** What no addressee's line looks like: the next heading, or prose. */
const isEnd = ({ text }: Line) =>
  ends.test(text) || text.length > 160 || (/[.!?]$/.test(text) && text.split(" ").length > 12);

const entry = /^\(?\d{1,2}(?:\)\.?|\.)(?: +|(?=\p{Lu}))/u;

/** Addressees, apart by empty lines, numbers, or a salutation before the next; those under "copies to" are none. */
function blocksIn(lines: Line[]): Block[] {
  const blocks: Block[] = [];
  let block: Line[] = [];
  let empty = 0;
  const cut = () => {
    if (block.length > 0) blocks.push({ lines: block });
    block = [];
  };
  for (const line of lines) {
    if (line.text === "") {
      cut();
      if (++empty > 4) break;
      continue;
    }
    empty = 0;
    if (copies.test(line.text) || isEnd(line)) break;
    // A salutation ends an entry; so do the ways to reach somebody, once an office follows them.
    const reached = block.some(({ text }) => contact.test(text) || /@/.test(text));
    const saluted = block.some(({ text }) => salutations.test(text));
    const isContact = contact.test(line.text) || /@|^\(/.test(line.text) || masks.test(line.text);
    if (
      entry.test(line.text) ||
      (!isContact && (saluted || (reached && office.test(line.text) && !/[\d:]/.test(line.text))))
    )
      cut();
    block.push({ ...line, text: line.text.replace(entry, "") });
  }
  cut();
  return blocks;
}

function blocksAfter(lines: Line[], at: number, drafting: Drafting): Block[] {
  const region = lines.slice(at, at + 60);
  const end = region.findIndex(
    (line) => line.text !== "" && (isEnd(line) || (copies.test(line.text) && !/ {3}|\t/.test(line.raw.trim()))),
  );
  const own = end < 0 ? region : region.slice(0, end);
  const columns = columnsOf(own);
  if (columns) return columns.flatMap(blocksIn);
  const first = own.find(({ text }) => text !== "") as Line;
  drafting.warn("target-not-certain", first.number, first.text, "/action/targets");
  drafting.restate("/action/targets", own.map(({ text }) => text).join("\n"), first.number);
  return [];
}

function findTargets(lines: Line[], drafting: Drafting): { count: number } {
  const starts: number[] = [];
  for (const [at, line] of lines.entries())
    if (
      /^(?:\[?appeals to\]? ?:?$|(?:please )?send appeals\b.{0,80}\bto ?:$|send appeals to ?:?$|env[ií]en (?:sus )?llamamientos\b.{0,80}\ba ?:$|llamamientos a ?:?$|envoyez (?:vos )?appels\b.{0,80}(?:^|\s)à ?:$|target['’]?s['’]? contact details\b)/i.test(
        line.text,
      )
    )
      starts.push(at + 1);
  if (starts.length === 0) {
    // The model letter's addressee stands between the call to write and its salutation.
    const call = lines.findIndex(({ text }) =>
      /^(?:(?:\d\) ?)?take action ?: ?write|act[uú]en ?: ?redacten|passez à l['’]action ?: ?envoyez)/i.test(text),
    );
    const dear = lines.findIndex(
      ({ text }, at) =>
        at > call &&
        /^(?:dear\b|(?:estimad[oa]|señora?|excmo|monsieur|madame|excelencia|excellence)\b.{0,60}[:,]$)/i.test(text),
    );
    let start = call + 1;
    // The call may go on for a second line.
    while (/^(?:(?:or|your|own|in|use|this|model|words|letter)\b ?)+$/i.test(lines[start]?.text ?? "")) start++;
    if (call >= 0 && dear > call && dear - call < 25) starts.push(start);
  }
  let count = 0;
  /** Pages are copied twice; addressees are not. */
  const seen = new Set<string>();
  for (const start of starts) {
    const blocks = blocksAfter(lines, start, drafting);
    // Blocks that are only contact lines belong to the one before.
    const joined: Block[] = [];
    for (const block of blocks) {
      const last = joined.at(-1);
      const first = block.lines[0]?.text ?? "";
      if (last && last.lines.length > 1 && (contact.test(first) || /@/.test(first) || /^\[?email/i.test(first)))
        last.lines.push(...block.lines);
      else joined.push(block);
    }
    for (const { lines: own } of joined) {
      const salutation = own.flatMap(({ text, number }) => {
        const found = salutations.exec(text)?.[1];
        return found ? [{ value: found.replace(/[,.]$/, "").trim(), line: number }] : [];
      });
      const emails: { value: string; line: number }[] = [];
      const address: Line[] = [];
      const named: Line[] = [];
      let inContacts = false;
      for (const line of own) {
        if (masks.test(line.text)) drafting.warn("email-hidden", line.number, "", `/action/targets/${count}/email`);
        for (const [value] of line.text.matchAll(email)) emails.push({ value, line: line.number });
        if (contact.test(line.text) || masks.test(line.text) || /@/.test(line.text) || salutations.test(line.text))
          inContacts = true;
        else if (inContacts) continue;
        else {
          address.push(line);
          if (named.length < 2 && !/\d/.test(line.text)) named.push(line);
        }
      }
      const [first, second] = named;
      if (!first || first.text.length > 150 || own.length < 2) {
        for (const { text, number } of own.slice(0, 1))
          drafting.warn("target-not-certain", number, text, "/action/targets");
        continue;
      }
      // An office and, beneath it, who holds it. A title or the salutation must vouch for the second line: it may be a building or a town.
      const greeted = salutation[0]?.value.split(" ").at(-1) ?? "";
      const vouched =
        second !== undefined &&
        own.indexOf(second) === own.indexOf(first) + 1 &&
        !/,\s*\S/.test(second.text) &&
        (/^(?:Mr|Mrs|Ms|Dr|H\.? ?E|His|Her|Sr|Sra|Señora?|M|Mme|Lic|Ing|Prof|Hon|Shaikh|Sheikh|Gen|General|Col|Colonel|Lt|Maj|Major|Capt|Captain|Lieutenant)\b\.? ?\p{Lu}/u.test(
          second.text,
        ) ||
          second.text.startsWith(`${first.text} `) ||
          (greeted.length > 2 && !office.test(greeted) && second.text.replace(/,$/, "").split(" ").includes(greeted)));
      const person = office.test(first.text) && vouched ? second : undefined;
      const who = person ?? first;
      // One line that holds office, name and address: only a title tells where the name begins and ends.
      const packed = /[:,]/.test(who.text.replace(/,$/, ""));
      const titled = packed
        ? /^(?:([^:,]{3,80}): ?)?((?:Mrs?|Ms|Dr|Sra?|H\.? ?E|His|Her|General|Colonel)\b\.?[^:,]{2,60})(?:, ?(.*))?$/u.exec(
            who.text,
          )
        : null;
      if (packed && !titled) {
        drafting.warn("target-not-certain", who.number, who.text, "/action/targets");
        drafting.restate("/action/targets", own.map(({ text }) => text).join("\n"), who.number);
        continue;
      }
      const key = own.map(({ text }) => text).join("\n");
      if (seen.has(key)) continue;
      seen.add(key);
      const at = `/action/targets/${count}`;
      drafting.fill(`${at}/name`, titled?.[2] ?? who.text.replace(/[,:]$/, ""), who.number);
      const rest = [
        ...(titled ? [titled[1] ?? "", (titled[3] ?? "").replace(/,$/, "")] : []),
        ...address.filter((line) => line !== who).map(({ text }) => text.replace(/[,:]$/, "")),
      ].filter((text) => /[\p{L}\d]/u.test(text));
      if (rest.length > 0) drafting.fill(`${at}/address`, rest.join("\n").slice(0, 600), first.number);
      const mails = [...new Set(emails.map(({ value }) => value))];
      const [mail] = emails;
      if (mail && mails.length === 1 && !/protected/i.test(mail.value))
        drafting.fill(`${at}/email`, mail.value, mail.line);
      else if (mails.length > 1) drafting.restate(`${at}/email`, mails.join(", "), mail?.line ?? first.number);
      if (salutation.length === 1 && salutation[0])
        drafting.fill(`${at}/salutation`, salutation[0].value, salutation[0].line);
      count++;
      if (count === 20) return { count };
    }
  }
  return { count };
}

export function findAction(lines: Line[], identity: Identity, source: string, lang: string, drafting: Drafting): void {
  const { closed } = identity;
  const asking = askingIn(lines);
  if (closed && asking) drafting.warn("action-not-certain", asking.number, "", "/action/state");
  else if (closed) drafting.fill("/action/state", "closed", closed.number);
  else if (asking) drafting.fill("/action/state", "active", asking.number, "inferred");
  else drafting.warn("no-closing", null, "", "/action/state");
  if (closed || asking) drafting.fill("/action/source", source, (closed ?? asking)?.number ?? 1, "inferred");
  for (const { text, number } of lines)
    if (
      text.length < 400 &&
      /\b(?:many thanks to (?:all|everyone)|thank you to (?:all|everyone)|muchas gracias|(?:un grand )?merci à (?:tous|toutes))/i.test(
        text,
      )
    ) {
      drafting.restate(`/action/thanks/${lang}`, text, number);
      break;
    }
  if (asking || !closed) findDeadline(lines, identity, drafting);
  const { count } = asking ? findTargets(lines, drafting) : { count: 0 };
  for (const { text, number } of lines)
    if (masks.test(text) && !drafting.draft.warnings.some(({ tag, line }) => tag === "email-hidden" && line === number))
      drafting.warn("email-hidden", number);

  const spoken = [
    ...labelled(
      lines,
      /^(?:preferred languages?(?: to address targets?)?\b|pueden escribir llamamientos en ?:|idiomas? (?:preferidos?|preferentes?)[^:]{0,40}:|langues? à privilégier[^:]{0,40}:)/i,
    ).map(({ value, line }) => ({ value, line })),
    ...lines.flatMap((line) => {
      const found =
        /^(?:escriban inmediatamente|dans les appels que vous ferez parvenir)\b.{0,120}?, (en [^:]{3,120})/i.exec(
          line.text,
        )?.[1];
      return found ? [{ value: found, line }] : [];
    }),
    ...lines.flatMap((line, at) => {
      const calls = /^(?:(?:further )?recommended action ?: ?)?please (?:write|send) .{0,120}/i.exec(line.text);
      if (!calls || /^please send (?:appeals|copies)\b.{0,60}\b(?:before|to)\b/i.test(line.text)) return [];
      // The call may go on for two more lines, to its colon.
      const whole = lines
        .slice(at, at + 3)
        .map(({ text }) => text)
        .join(" ")
        .split(":");
      const call = whole[/^(?:further )?recommended action ?:/i.test(line.text) ? 1 : 0] ?? "";
      const found =
        call.length < 300 ? /\b(?:either )?in ((?:\p{Lu}|your own)[^:.]{2,120})/u.exec(call)?.[1] : undefined;
      return found ? [{ value: found, line }] : [];
    }),
  ];
  const sets = spoken.map(({ value, line }) => ({
    tags: languagesIn(value, line.number, drafting),
    line: line.number,
  }));
  const [first] = sets.filter(({ tags }) => tags.length > 0);
  if (first && sets.every(({ tags }) => tags.length === 0 || tags.join() === first.tags.join()))
    for (let at = 0; at < count; at++) drafting.fill(`/action/targets/${at}/languages`, first.tags, first.line);

  const dear = lines.findIndex(({ text }) => /^dear\b/i.test(text) && text.length < 100);
  const yours = lines.findIndex(
    ({ text }, at) =>
      at > dear && /^(?:yours (?:sincerely|faithfully|respectfully)|sincerely|respectfully)\b/i.test(text),
  );
  if (dear >= 0 && yours > dear && yours - dear < 80) {
    const letter = lines
      .slice(dear, yours + 1)
      .map(({ text }) => text)
      .filter(Boolean)
      .join("\n");
    drafting.restate(`/action/letter/${lang}`, letter, lines[dear]?.number ?? 1);
    const salutation = (lines[dear] as Line).text.replace(/[,:;.]$/, "");
    const target = (drafting.draft.case.action?.targets ?? [])[0];
    if (count === 1 && target && target.salutation === undefined && salutation.split(" ").length <= 8)
      drafting.fill("/action/targets/0/salutation", salutation, (lines[dear] as Line).number);
  }
  if (asking && !closed) {
    const at = lines.indexOf(asking);
    const after = lines.slice(at, at + 40);
    const addressees = after.findIndex(({ text }) =>
      /^\[?(?:appeals to|send appeals to|please send appeals|target)/i.test(text),
    );
    const points = after
      .slice(0, addressees > 0 ? addressees : undefined)
      .filter(
        ({ text }) =>
          /^(?:[-–•*▪]|n |\d+[.)] )\s*\S/.test(text) ||
          /^(?:urging|calling|expressing|asking|seeking|demanding|welcoming)\b/i.test(text),
      );
    for (const { text, number } of points.slice(0, 12)) drafting.restate(`/action/request/${lang}`, text, number);
    if (points.length === 0) drafting.restate(`/action/request/${lang}`, asking.text, asking.number);
  }
}

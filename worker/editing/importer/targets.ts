/** Reads the targets of the appeals: name or office, address, e-mail and salutation. */
import { isGarbled } from "./encoding.ts";
import { doubt, type Findings, fact, prose } from "./finding.ts";
import { ends, hasLabel, label } from "./layouts.ts";
import { type DocumentLine, wrapping } from "./lines.ts";
import { isName } from "./name-forms.ts";
import { countryCode } from "./places.ts";

export const masks = /\[email[\s\u00a0]+protected\]|\[e-?mail hidden\]|\(at\)|email@protected/i;
const email = /(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}(?![\w@-])/g;
const contact = new RegExp(`(?:${label("contact").source}|${label("greeting").source})\\b[^:]{0,30}:`, "iu");
const office =
  /(?<!\p{L})(?:president|minister|ministry|prosecutor|governor|director|general|chief|ambassador|king|queen|prince|emir|sultan|attorney|judge|justice|head|chair(?:man|person|woman)?|office|secretary|commission|commissioner|speaker|commander|department|premier|prefect|procurator|magistrate|senator|lord|ombuds\p{L}+|superintendent|inspector|leader|chancellor|mayor|warden|administration|committee|service|police|council|board|court|registrar|authorit(?:y|ies)|excellency|highness|majesty|wali|vali|ministr[oae]|ministeri[oa]|fiscal|fiscalía|gobernador[a]?|presidente|presidenta|presidencia|alcalde(?:sa)?|defensor[a]?|comandante|jef[ae]|juez|jueza|corte|tribunal|secretari[oa]|director[a]?|comisionad[oa]|pr[eé]fet|prefeit[oa]|procureure?|directeur|directrice|gouverneure?|présidente?|maire|juge|cour|responsable|ministère|bureau|secrétaire|commissaire|roi|\p{L}*minister(?:in|ium)?|\p{L}*anw[aä]lt(?:in|schaft)?|\p{L}*richter(?:in)?|\p{L}*chef(?:in)?|\p{L}*sekretär(?:in)?|präsident(?:in)?|\p{L}*gericht|gouverneur(?:in)?|direktor(?:in)?|behörde|kommandant(?:in)?|könig(?:in)?|fürst|\p{L}*meister(?:in)?|\p{L}*kommission|procurator[ei]|procuratrice|procura|sindac[oa]|prefett[oa]|direttore|direttrice|governatore|giudice|questore|capo|principe|altezza|segretari[oa]|commissario)(?!\p{L})/iu;

/** "Salutation: Dear Minister", also in brackets. */
const greeting = new RegExp(`[[(]?(?<!\\p{L})${label("greeting").source.slice(1)} ?: ?([^\\])]{3,80})`, "iu");

/** A line that needs the next one. */
const isCut =
  /(?: (?:of|for|and|the|&|de|del|la|el|los|las|y|du|des|et|pour|der|des|die|für|und|di|della|dei|degli|e)|[/-])$/i;

interface Block {
  lines: DocumentLine[];
  /** Below the foot of a page the same addressee may go on, or the next one begin. */
  isUnsure?: true;
}

/** True for a line that ends the list of targets: the next heading, or prose. */
const isEnd = (line: DocumentLine) =>
  hasLabel(line.text, ...ends.addressees) || /^(?:ua[ :]|https?:)/i.test(line.text) || isProse(line);
const isProse = ({ text }: DocumentLine) => text.length > 160 || (/[.!?]$/.test(text) && text.split(" ").length > 12);

const titles =
  /^(?:(?:The|Mrs?|Ms|Dr|H\.? ?E|H\.? ?R\.? ?H|S\.? ?E|His|Her|Your|Excellency|Highness|Majesty|Eminence|Ayatollah|Mtr[oa]|Dra|Sra?|Srta|Señora?|Senora?|Don|Doña|M|Mme|Monsieur|Madame|Lic|Licenciad[oa]|Ing|Prof|Professor|Rt|Hon|Honou?rable|Exc?mo|Exc?ma|Shaikh|Sheikh|Sayyid|Ato|Senior|Vice|General|Gen|Brigadier|Brig|Colonel|Col|Lieutenant|Lt|Major|Maj|Captain|Capt|Admiral|Commander|Inspector|President|Presidente|Presidenta|Justice|Judge|Ambassador|King|Dato|Datuk|Tun)\b\.?[ ,-]*)+/u;

/** True for a form of address with a name: "Senor Presidente Demo Official", "Brigadier-General Demo Official". */
function isAddressed(text: string): boolean {
  const found = titles.exec(text)?.[0] ?? "";
  const name = text.slice(found.length).replace(/,$/, "");
  return (
    found !== "" &&
    isName(name, true) &&
    !office.test(name) &&
    !place.test(name) &&
    (name.includes(" ") || /^(?:Mrs?|Ms|Dr)\b/.test(found))
  );
}

/** Words for a building, a street, a town or an authority, which are not part of a person's name. */
const place =
  /\b(?:palac\w+|palais|office|ministr\w+|minister\w+|minist[eè]re|building|house|street|road|avenue|avenida|calle|rue|square|plaza|place|casa|palace|court|parliament|box|city|state|republic|capitol|gobierno|gouvernement|government|headquarters|secretariat|prison|department|departamento|tower|centre|center|hall|complex|compound|block|floor|bakanl\w+|caddesi|bulvari|prospekt|ulitsa|ul|pl|jalan|jl|marg|kremlin|sarayı|mahallesi)\b/i;

const entry = /^\(?\d{1,2}(?:\)\.?|\.)(?: +|(?=\p{Lu}))/u;

const isUnclosed = (text: string) => /[([][^)\]]{3,200}$/.test(text) && text.length < 300;

/** Splits lines into targets, which empty lines, numbers or a salutation separate. Recipients of copies are not targets. */
function blocksIn(lines: DocumentLine[]): Block[] {
  const blocks: Block[] = [];
  let block: DocumentLine[] = [];
  let empty = 0;
  const cut = () => {
    if (block.length > 0) blocks.push({ lines: block, ...(isUnsure ? { isUnsure } : {}) });
    block = [];
    isUnsure = false;
  };
  let isUnsure = false;
  for (const [at, line] of lines.entries()) {
    const open = block.at(-1);
    // "(Salutation: Dear" above "Minister)"
    if (open && line.text !== "" && isUnclosed(open.text)) {
      open.text = `${open.text} ${line.text}`;
      continue;
    }
    if (line.text === "") {
      cut();
      if (++empty > 4) break;
      continue;
    }
    empty = 0;
    if (hasLabel(line.text, "copies") || isEnd(line)) break;
    // A salutation ends an entry. So do contact details when an office follows them.
    const reached = block.some(({ text }) => contact.test(text) || /@/.test(text));
    const saluted = block.some(({ text }) => greeting.test(text));
    // "Salutation: Dear Attorney" above "General": a single line is not a target.
    const last = block.at(-1);
    if (
      last &&
      greeting.test(last.text) &&
      /^\p{L}[^:@\d]{1,40}$/u.test(line.text) &&
      (lines[at + 1]?.text ?? "") === ""
    ) {
      last.text = `${last.text} ${line.text}`;
      continue;
    }
    // An office below the foot of a page may also be the next line of the address above it.
    if (line.page && block.length > 0 && !saluted && !reached && (office.test(line.text) || isAddressed(line.text)))
      isUnsure = true;
    const isContact = contact.test(line.text) || /@|^\(/.test(line.text) || masks.test(line.text);
    if (
      entry.test(line.text) ||
      (!isContact &&
        (saluted || (reached && (office.test(line.text) || isAddressed(line.text)) && !/[\d:]/.test(line.text))))
    )
      cut();
    block.push({ ...line, text: line.text.replace(entry, "") });
  }
  cut();
  return blocks;
}

/** Leaves an address to the editor. @param line what is doubtful in it */
function* leaveToEditor(own: DocumentLine[], { number, text }: DocumentLine): Findings<void> {
  yield doubt("target-not-certain", number, text, "/action/targets");
  yield prose("/action/targets", own.map((line) => line.text).join("\n"), number);
}

function* blocksAfter(lines: DocumentLine[], at: number, until: number): Findings<Block[]> {
  // "1) Governor of Nowhere          Dear Governor": a salutation beside an entry's first line.
  const beside = new Map<number, string>();
  const region = lines.slice(at, Math.min(until, at + 60)).flatMap((line) => {
    if (/^page \d+ of\b/i.test(line.text)) return [];
    const dear = greeting.test(line.text) ? null : /\S\s+(Dear \p{Lu}[\p{L}.'’ -]{1,40})$/u.exec(line.raw)?.[1];
    if (!dear) return [line];
    beside.set(line.number, dear.replace(/\s+/g, " "));
    const raw = line.raw.slice(0, -dear.length).trimEnd();
    return [{ ...line, raw, text: raw.replace(/\s+/g, " ").trim() }];
  });
  const end = region.findIndex(
    (line) => line.text !== "" && (isEnd(line) || (hasLabel(line.text, "copies") && !/ {3}|\t/.test(line.raw.trim()))),
  );
  const own = end < 0 ? region : region.slice(0, end);
  // Two columns read across mix two addresses.
  const [first, another] = own.filter(({ raw }) => /[^\s:.)](?:\t| {3,})\S/.test(raw.trim()));
  if (!first || !another)
    return blocksIn(own).map((block) => {
      const dear = block.lines.flatMap(({ number }) => beside.get(number) ?? []);
      const [line] = block.lines;
      return line && dear.length === 1
        ? { lines: [...block.lines, { ...line, text: `Salutation: ${dear[0]}` }] }
        : block;
    });
  yield* leaveToEditor(own, first);
  return [];
}

const MAX_TARGETS = 20;

/** A target that was found. `salutation` is true when its own lines state one. */
interface Target {
  salutation: boolean;
}

export interface Targets {
  targets: Target[];
  /** False when there may be more of them, embassies aside. */
  isWhole: boolean;
}

export function* findTargets(lines: DocumentLine[]): Findings<Targets> {
  const goesOn = wrapping(lines);
  const places = new Map(lines.map(({ number }, at) => [number, at]));
  const starts: number[] = [];
  for (const [at, line] of lines.entries())
    if (hasLabel(line.text, "addressees")) {
      // The label may go on in the next line.
      let start = at + 1;
      while (/ (?:y|et|&|and|e|und|or|ou|o)$/i.test(lines[start - 1]?.text ?? "")) start++;
      starts.push(start);
    }
  if (starts.length === 0) {
    // The target of a model letter is between the call to write and the salutation.
    const call = lines.findIndex(({ text }) => hasLabel(text, "model"));
    const dear = lines.findIndex((line, at) => at > call && hasLabel(line.text, "salutation"));
    let start = call + 1;
    // The call may continue on a second line, and advice may follow it.
    while (goesOn(lines[start - 1], lines[start]) && lines[start]?.text === lines[start]?.text.toUpperCase()) start++;
    while (start - call < 6 && hasLabel(lines[start]?.text ?? "", "advice")) start++;
    while (/^(?:(?:or|your|own|in|use|this|model|words|letter)\b ?)+$/i.test(lines[start]?.text ?? "")) start++;
    if (call >= 0 && dear > call && dear - call < 40) starts.push(start);
  }
  if (starts.length === 0) {
    // Until 1994 the targets followed the recommended action as a numbered list.
    const call = lines.findIndex(({ text }) => hasLabel(text, "recommended"));
    const one = lines.findIndex(({ text }, at) => at > call && /^1[.)] ?\p{Lu}/u.test(text));
    if (call >= 0 && one > call && one - call < 60) starts.push(one);
  }
  let count = 0;
  const found: Target[] = [];
  let isWhole = true;
  /** Some pages contain the same text twice. Each target is kept once. */
  const seen = new Set<string>();
  for (const [index, start] of starts.entries()) {
    // The targets of one call end where the next call begins.
    const blocks = yield* blocksAfter(lines, start, (starts[index + 1] ?? lines.length + 1) - 1);
    // A block of contact lines belongs to the block before it.
    const joined: Block[] = [];
    for (const block of blocks) {
      const last = joined.at(-1);
      const first = block.lines[0]?.text ?? "";
      if (
        last &&
        last.lines.length > 1 &&
        (contact.test(first) || greeting.test(first) || /@/.test(first) || /^\[?email/i.test(first))
      )
        last.lines.push(...block.lines);
      else joined.push(block);
    }
    for (const { lines: own, isUnsure } of joined) {
      const garbled = own.find(({ text }) => isGarbled(text));
      // An embassy gets copies.
      const isEmbassy = own.slice(0, 3).some(({ text }) => hasLabel(text, "embassy"));
      if (isUnsure || garbled || isEmbassy) {
        isWhole &&= isEmbassy;
        yield* leaveToEditor(own, garbled ?? (own[0] as DocumentLine));
        continue;
      }
      const salutation = own.flatMap(({ text, number }) => {
        const found = greeting.exec(text)?.[1];
        return found ? [{ value: found.replace(/[,.]$/, "").trim(), line: number }] : [];
      });
      const emails: { value: string; line: number }[] = [];
      const address: DocumentLine[] = [];
      const named: DocumentLine[] = [];
      let inContacts = false;
      let left: DocumentLine | undefined;
      for (const line of own) {
        if (masks.test(line.text)) yield doubt("email-hidden", line.number, "", `/action/targets/${count}/email`);
        for (const [value] of line.text.matchAll(email)) emails.push({ value, line: line.number });
        if (contact.test(line.text) || masks.test(line.text) || /@/.test(line.text) || greeting.test(line.text))
          inContacts = true;
        // "Email: …" above "Copies of the letter too": what is left is told.
        else if (inContacts) left ??= line;
        else {
          address.push(line);
          if (named.length < 2 && !/\d/.test(line.text)) named.push(line);
        }
      }
      if (left && /\p{Lu}/u.test(left.text))
        yield doubt("target-not-certain", left.number, left.text, "/action/targets");
      const [first, second] = named;
      if (!first || first.text.length > 150 || own.length < 2) {
        for (const { text, number } of own.slice(0, 1))
          yield doubt("target-not-certain", number, text, "/action/targets");
        isWhole = false;
        continue;
      }
      // An office with its holder below. The second line may also be a building or a town, so a title or the salutation must confirm the name.
      const greeted = salutation[0]?.value.split(" ").at(-1) ?? "";
      const vouched =
        second !== undefined &&
        own.indexOf(second) === own.indexOf(first) + 1 &&
        !/,\s*\S/.test(second.text) &&
        (isAddressed(second.text) ||
          second.text.startsWith(`${first.text} `) ||
          (greeted.length > 2 && !office.test(greeted) && second.text.replace(/,$/, "").split(" ").includes(greeted)));
      const person = office.test(first.text) && !isAddressed(first.text) && vouched ? second : undefined;
      const who = person ?? first;
      // Without an office, a title or a salutation to the name, the first lines may be the middle of an address.
      const isConfirmed =
        [first, second].some((line) => line && (office.test(line.text) || isAddressed(line.text))) ||
        (greeted.length > 2 && first.text.includes(greeted));
      const nameAt = places.get(first.number) ?? 0;
      const packed = /[:,]/.test(who.text.replace(/,$/, ""));
      const isOpen = !isConfirmed || goesOn(lines[nameAt], lines[nameAt + 1]);
      if (isOpen || isCut.test(who.text) || packed) {
        isWhole = false;
        yield* leaveToEditor(own, isOpen ? first : who);
        continue;
      }
      const key = own.map(({ text }) => text).join("\n");
      if (seen.has(key)) continue;
      seen.add(key);
      const at = `/action/targets/${count}`;
      // An office, and below it either its holder or a building. The address is right in both cases, but the name needs a check.
      const beneath = own[own.indexOf(first) + 1];
      if (
        !person &&
        !isAddressed(first.text) &&
        beneath &&
        beneath === second &&
        office.test(first.text) &&
        !/[\d,]/.test(beneath.text) &&
        !place.test(beneath.text) &&
        !countryCode(beneath.text) &&
        isName(beneath.text, true)
      )
        yield doubt("target-not-certain", beneath.number, beneath.text, `${at}/name`);
      yield fact(`${at}/name`, who.text.replace(/[,:]$/, ""), who.number);
      const rest = [...address.filter((line) => line !== who).map(({ text }) => text.replace(/[,:]$/, ""))].filter(
        (text) => /[\p{L}\d]/u.test(text),
      );
      if (rest.length > 0) yield fact(`${at}/address`, rest.join("\n"), first.number);
      const mails = [...new Set(emails.map(({ value }) => value))];
      const [mail] = emails;
      if (mail && mails.length === 1 && !/protected/i.test(mail.value))
        yield fact(`${at}/email`, mail.value, mail.line);
      else if (mails.length > 1) yield prose(`${at}/email`, mails.join(", "), mail?.line ?? first.number);
      const greetingAt = places.get(salutation[0]?.line ?? 0) ?? -1;
      const isWholeGreeting =
        (!goesOn(lines[greetingAt], lines[greetingAt + 1]) && !/[/&,]$/.test(salutation[0]?.value ?? "")) ||
        /[)\],.:]$/.test(lines[greetingAt]?.text ?? "");
      if (salutation.length === 1 && salutation[0] && isWholeGreeting)
        yield fact(`${at}/salutation`, salutation[0].value, salutation[0].line);
      else if (salutation[0])
        yield doubt("target-not-certain", salutation[0].line, salutation[0].value, "/action/targets");
      found.push({ salutation: salutation.length === 1 });
      count++;
      if (count === MAX_TARGETS) return { targets: found, isWhole: false };
    }
  }
  return { targets: found, isWhole };
}

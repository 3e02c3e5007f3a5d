/**
 * Collects the sentences about people's terms, arrests, trials and releases. Rules were wrong about every one of 31 statuses in prose
 * (a term shortened on appeal, a report of state television, a brother's designation), so a person reads each sentence and accepts
 * what it states. Background and footnotes are included.
 */
import { codesOf } from "../../../shared/profile/codes.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import type { Candidate, ProposedField, Subject } from "./draft.ts";
import type { DocumentSentence } from "./lines.ts";
import type { Named } from "./people.ts";

const MAX_CANDIDATES = 400;
const MAX_SENTENCE_LENGTH = 2000;

const r = String.raw;

/** Words that make a sentence a candidate, by the code that a person may accept for them. English, Spanish, French, German, Italian. */
const signs: Record<Subject, string | Record<string, string>> = {
  custody: {
    imprisoned: r`imprison\p{L}*|jail(?:ed|s)?|in prison|prison|penal colony|serving|behind bars|recluid\p{L}+|cumpl\p{L}+ (?:una |su )?condena|purg\p{L}+|verbüß\p{L}+|scont\p{L}+|reclus\p{L}|encarcelad\p{L}+|prisión|cárcel|emprisonn\p{L}+|incarcér\p{L}+|prison\b|gefängnis\p{L}*|inhaftier\p{L}+|strafkolonie|carcere|prigion[ei]|incarcerat\p{L}`,
    "pre-trial-detention": r`pre-?trial detention|awaiting trial|on remand|remanded|prisión preventiva|détention provisoire|untersuchungshaft|custodia cautelare|detenzione preventiva`,
    detained: r`detain\p{L}*|detention|arrest\p{L}*|custody|locked|confined|captive|held|not been seen|(?:last|was|were|been|be) seen|heard (?:from|of)|questioned|let go|transferred|moved to|allowed (?:in|to enter)|held (?:in|at|incommunicado|by|without)|incommunicado|abduct\p{L}+|kidnapp\p{L}+|taken (?:away|into|from|by|with)|picked up|detenid\p{L}+|detuv\p{L}+|custodia|encerrad\p{L}+|retenid\p{L}+|trasladad\p{L}+|detención|arrêt(?:é|er|ation)\p{L}*|détenu\p{L}*|détention|garde à vue|interpell\p{L}+|enferm\p{L}+|retenu\p{L}*|transfér\p{L}+|festgenommen|verhaftet|festnahme|(?!\p{L}*schaft)\p{L}*haft|gefangen\p{L}*|sitz(?:t|en) (?:\p{L}+ ){0,12}fest|festgehalten|einreisen|verlegt|arrestat\p{L}+|detenut\p{L}|detenzione|fermat[oaei]|trattenut\p{L}|trasferit\p{L}`,
    "house-arrest": r`house arrest|arresto domiciliario|prisión domiciliaria|assign\p{L}+ à résidence|résidence surveillée|hausarrest|arresti domiciliari`,
    released: r`releas\p{L}+|freed|free|left (?:the )?(?:prison|island|camp)|let go|back home|electronic tag|set free|at liberty|liberad\p{L}+|libertad|en liberté|libér\p{L}+|remis\p{L}* en liberté|relâch\p{L}+|freigelassen|freilass\p{L}+|entlassen|freigekommen|rilasciat\p{L}|scarcerat\p{L}|liberat\p{L}`,
    "conditional-release": r`on bail|(?:on|for|granted|denied|refused|breach(?:ed|ing)? (?:of )?(?:his|her|their)?) ?parole|paroled|parole board|conditional(?:ly)? releas\p{L}+|probation|libertad (?:bajo fianza|condicional|provisional)|sous caution|liberté (?:conditionnelle|provisoire)|gegen kaution|auf bewährung|libertà (?:vigilata|condizionale|provvisoria)|su cauzione`,
    "suspended-sentence": r`suspended (?:\p{L}+ ){0,2}(?:sentence|term)s?|(?:sentence|term)s? (?:was |were )?suspended|(?:avec|de) sursis|bewährungsstrafe\p{L}*|auf bewährung|penas? sospes[ae]|penas? suspendidas?|condena condicional`,
    missing: r`disappear\p{L}*|missing|whereabouts|fate (?:is|remains)|desaparec\p{L}+|paradero|dispar(?:u|ition)\p{L}*|verschwunden|verbleib|aufenthaltsort|scompars\p{L}+`,
    "died-in-custody": r`died|shot dead|murdered|death in|found dead|killed|murió|muert[oa]s?|falleci\p{L}+|décéd\p{L}+|est mort\p{L}*|starb|gestorben|getötet|mort[oaie]|decedut\p{L}`,
    executed: r`execut\p{L}+|hanged|ejecut\p{L}+|exécut\p{L}+|hingerichtet|hinrichtung|giustiziat\p{L}|impiccat\p{L}`,
    deported: r`deport\p{L}+|exiled?|extradit\p{L}+|expuls\p{L}+|exili\p{L}+|extrad\p{L}+|abgeschoben|abschiebung|espuls\p{L}+|estradat\p{L}`,
    "psychiatric-detention": r`psychiatric|psiqui[aá]tric\p{L}+|psychiatri\p{L}+|psichiatric\p{L}`,
  },
  charges: r`charg(?:e|ed|es|ing)|accus(?:ed|es|ation\p{L}*)|indict\p{L}+|cargos|acusad\p{L}+|imputad\p{L}+|inculp\p{L}+|accusé\p{L}*|mis en examen|angeklagt|anklage|beschuldigt|accusat\p{L}|imputat\p{L}`,
  proceedings: {
    "not-charged": r`without charge|not been charged|sin cargos|sans inculpation|ohne anklage|senza accus\p{L}+`,
    charged: r`charged (?:with|under)|indict\p{L}+|imputad\p{L}+|inculpé\p{L}*|mis en examen|angeklagt|accusat\p{L} di`,
    "on-trial": r`on trial|trial|hearing|bail|appeal (?:was|is|has|against|court)|on appeal|appealed|court of appeal|recurso|apelación|proceso|pourvoi|en appel|berufung|revision|(?:in|fatto|fare|farà|presentato|respinto) appello|(?:l|d|dell|all|sull)[’']appello|ricorso|tribunal|court|juicio|audiencia|procès|audience|prozess|gericht\p{L}*|verhandlung|process[oi]|udienza`,
    convicted: r`convict\p{L}+|found guilty|declarad\p{L}+ culpable|condenad\p{L}+|condamn\p{L}+|reconnu\p{L}* coupable|schuldig|verurteilt|condannat\p{L}|colpevol\p{L}`,
    "conviction-upheld": r`upheld|upholds|confirmed (?:the|his|her|their)|confirm(?:ó|aron)|confirmé\p{L}*|bestätigt\p{L}*|confermat\p{L}`,
    quashed: r`quash\p{L}+|overturn\p{L}+|annul\p{L}+|set aside|retrial|anulad\p{L}+|anuló|cass(?:é|ation)\p{L}*|aufgehoben|annullat\p{L}`,
    acquitted: r`acquit\p{L}+|absuel\p{L}+|absolv\p{L}+|acquitt\p{L}+|freigesprochen|assolt\p{L}`,
    dropped: r`charges (?:were|have been|was) (?:dropped|withdrawn)|dropped|dismissed|retirad\p{L}+|sobreseíd\p{L}+|abandonné\p{L}*|non-lieu|fallen ?gelassen|eingestellt|archiviat\p{L}|ritirat\p{L}`,
  },
  sentence: r`sentence[ds]?|terms?|reduced|halved|struck down|served|commutation|condena\p{L}*|condamn\p{L}+|sursis|ramenée|purg\p{L}+|années? (?:de prison|d[’']emprisonnement)|\p{L}*strafe|verurteilt|bewährung|condann\p{L}+|pena|reclusione|death row|death penalty|years?(?:['’])? (?:in prison|imprisonment)|life imprisonment|commut\p{L}+|pardon\p{L}*|(?:days|months|years?) in an? |flogg\p{L}+|lashes|stoning|pena de muerte|años de (?:prisión|cárcel)|cadena perpetua|sentenciad\p{L}+|peine de mort|ans de (?:prison|réclusion)|perpétuité|jahren? (?:haft|gefängnis)|lebenslang\p{L}*|todesstrafe|begnadig\p{L}+|pena di morte|anni di (?:carcere|reclusione|prigione)|ergastolo|graziat\p{L}`,
  designation: {
    "prisoner-of-conscience": r`prisoners? of conscience|pres[oa]s? de conciencia|prisonni[eè]re?s? d[’']opinion|prisonni[eè]re?s? de conscience|gewissensgefangene\p{L}*|prigionier[oaei] di coscienza`,
    "human-rights-defender": r`human rights defenders?|defensor[ae]?s? (?:de (?:los )?)?derechos humanos|défenseur[es]?s? des droits humains|menschenrechtsverteidiger\p{L}*|difensor[ei] dei diritti umani`,
  },
};

const patterns = Object.entries(signs).flatMap(([subject, words]) =>
  Object.entries(typeof words === "string" ? { "": words } : words).map(([code, alternatives]) => ({
    subject: subject as Subject,
    code,
    alternatives,
    pattern: new RegExp(`(?<![\\p{L}-])(?:${alternatives})(?![\\p{L}])`, "iu"),
  })),
);
/** One quick test before the many: most sentences have none of the words. */
const any = new RegExp(
  `(?<![\\p{L}-])(?:${patterns.map(({ alternatives }) => alternatives).join("|")})(?![\\p{L}])`,
  "iu",
);

const units =
  "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );
const tens = ["twenty", "thirty", "forty", "fifty"];
const spelled = `(?:(?:${tens.join("|")})(?:[- ](?:${units.slice(0, 9).join("|")}))?|${[...units].reverse().join("|")})`;
const term = new RegExp(
  `(?<![\\p{L}\\d])(?:(\\d{1,3}|${spelled})(?: and (?:a half|(\\d{1,2}|${spelled}) months))?[- ](?:years?|años|ans|jahren?|anni)|(\\d{1,3}|${spelled})[- ](?:months?|meses|mois|monaten?|mesi))(?!\\p{L})(?!['’]? (?:old|ago|later|after|earlier|before))(?: and (?:(\\d{1,2}|${spelled}) months|(a half)))?`,
  "giu",
);
const final = {
  life: /\blife (?:imprisonment|in prison|sentence|term)|imprisonment for life|cadena perpetua|perpétuité|lebenslang|ergastolo/i,
  death:
    /\b(?:sentenced to death|death (?:sentence|penalty|row)|pena (?:de muerte|di morte)|peine de mort|zum tode|todesstrafe|condamnée?s? à mort|condenad[oa]s? a muerte)/i,
};

const count = (text: string): number =>
  /^\d+$/.test(text)
    ? Number(text)
    : text
        .toLowerCase()
        .split(/[- ]/)
        .reduce((sum, part) => sum + (units.indexOf(part) + 1 || (tens.indexOf(part) + 2) * 10), 0);

/** Every term in a sentence, as durations: "P10Y6M", "life", "death". */
function termsIn(text: string): string[] {
  const found = Object.entries(final).flatMap(([code, words]) => (words.test(text) ? [code] : []));
  for (const [, years, months, only, more, half] of text.matchAll(term)) {
    const extra = half || /and a half/i.test(text) ? 6 : count(months ?? more ?? "0");
    const value = count(years ?? only ?? "0");
    if (value > 0 && value <= 150) found.push(only ? `P${value}M` : `P${value}Y${extra ? `${extra}M` : ""}`);
  }
  return [...new Set(found)];
}

/** The pointers of the people whose name, or a surname that nobody else has, is in the text. */
function namedIn(text: string, people: Named[], surnames: Map<string, string>): string[] {
  const found = new Set<string>();
  for (const { spellings, pointer } of people) if (spellings.some((name) => text.includes(name))) found.add(pointer);
  // A headline in capitals has other words that look like surnames: "SEVEN MEN ON TRIAL".
  if (!/\p{Ll}/u.test(text)) return [...found];
  for (const [word] of text.matchAll(/\p{Lu}[\p{L}'’-]{2,60}/gu)) {
    const pointer = surnames.get(word.replace(/['’]s$/, "").toLowerCase());
    if (pointer) found.add(pointer);
  }
  return [...found];
}

export function candidatesIn(sentences: DocumentSentence[], people: Named[], profile: Profile): Candidate[] {
  const codes: Record<ProposedField, string[]> = {
    custody: codesOf("custody", profile),
    proceedings: codesOf("proceedings", profile),
    designation: codesOf("designations", profile),
    sentence: [],
  };
  const surnames = new Map<string, string>();
  const shared = new Set<string>();
  for (const { spellings, pointer } of people)
    for (const spelling of spellings) {
      const surname = spelling.split(" ").at(-1)?.toLowerCase() as string;
      if ((surnames.get(surname) ?? pointer) !== pointer) shared.add(surname);
      surnames.set(surname, pointer);
    }
  for (const surname of shared) surnames.delete(surname);
  const found: Candidate[] = [];
  for (const { text: whole, line } of sentences) {
    if (found.length === MAX_CANDIDATES) break;
    const text = whole.slice(0, MAX_SENTENCE_LENGTH);
    // A word may be broken at the end of a line.
    const read = text.replace(/(?<=\p{Ll})-(?=\p{Ll})/gu, "");
    if (!any.test(text) && !any.test(read)) continue;
    const signed = patterns.filter(({ pattern }) => pattern.test(text) || pattern.test(read));
    const about = [...new Set(signed.map(({ subject }) => subject))];
    const proposals: Candidate["proposals"] = [];
    for (const { subject, code } of signed)
      if (subject !== "charges" && codes[subject].includes(code)) proposals.push({ field: subject, value: code });
    for (const value of about.includes("sentence") ? termsIn(text) : []) proposals.push({ field: "sentence", value });
    found.push({ line, text, about, people: namedIn(text, people, surnames), proposals });
  }
  return found;
}

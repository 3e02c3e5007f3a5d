/**
 * The labels of Amnesty International's documents, by their language. This is
 * the only place for the words that an issuer puts around its facts. A label is
 * the source of a regular expression, without regard to case.
 */

/**
 * The words of a label begin their line, except for these, which may stand
 * inside a sentence.
 */
const within = ["further", "closing", "deadline"];

const r = String.raw;

/**
 * Labels of each language, all periods together, because copies mix them.
 * `asks` calls for appeals; `model` stands above a model letter; `mail` is a
 * line of a mail program; `banner` names the kind of document.
 */
export const layouts = {
  English: {
    number: r`further information on|follow-?up (?:on|to)|outcome[: -]*|urgent action[: -]*(?:(?:update|appeal|type and number)[: -]*)?(?:update \d{1,2} (?:on|of|to|for) )?|urgent action (?:update|victory|outcome)[!: -]*`,
    further: r`\b(?:further information on|follow-?up (?:on|to))(?!\p{L})`,
    index: r`(?:AI )?index(?: number| no\.?| ai)?`,
    asks: r`(?:\d\. )?(?:further )?recommended action\b|appeals to ?:|please send appeals\b|take action\b(?! now)|please write immediately\b|send appeals before\b|write a letter in your own words\b|target['’]?s['’]? contact details\b|appeal deadline\b|(?:\d\) ?)?take action\b(?! now)|please take action\b`,
    addressees: r`\[?appeals to\]? ?:?(?: ?\([^()]{3,120}\)\.?)?$|(?:please )?send appeals\b.{0,80}\bto ?:$|target['’]?s['’]? contact details\b.*|contact information$`,
    copies: r`\[?(?:please )?(?:and )?(?:with )?(?:send )?cop(?:y|ies) (?:to|of)|(?:please )?(?:also )?send copies|and to diplomatic`,
    greeting: r`salutation`,
    contact: r`e-?mails?|fax(?:es)?|t[eé]l(?:e\p{L}+|é\p{L}+|\.)?|phone|twitter`,
    deadline: r`\bif (?:you are )?sending appeals after(?!\p{L}) ?:?|\b(?:please )?send (?:your )?appeals?(?: immediately)?[^.]{0,60}? (?:before|by|until|no later than)(?!\p{L}) ?:?|\b(?:please take action (?:as soon as possible )?(?:until|before|by)|take action (?:as soon as possible )?until)(?!\p{L}) ?:?|\b(?:this urgent action expires on|contact (?:this|these) (?:\w+ )?officials? by|take action by)(?!\p{L}) ?:?`,
    background: r`background\b|additional information\b`,
    closing: r`\b(?:no further action (?:by the ua network |from the ua network )?(?:is|was) (?:requested|required|needed|necessary)|(?:requires?|needs?) no further action|no further action (?:is )?(?:requested|required|needed)|no (?:further|more) appeals are (?:requested|required|needed|necessary)|please (?:do not|don['’]t) send (?:any )?(?:further|more) appeals|please (?:take no further action|send no (?:further|more) appeals)|please stop sending appeals|there is no need (?:for (?:any )?(?:further|more) appeals|to send (?:any )?(?:further|more) appeals))`,
    advice: r`(?:please )?check with|please (?:check|send|take|insert|write)\b|this is the\b|(?:\d[.)] ?)?(?:click here|please report)`,
    salutation: r`dear\b.{0,95}$|honou?rable\b.{0,60}[:,]$|your (?:excellency|(?:royal )?(?:majesty|highness)|honou?r)(?!\p{L}).{0,60}[:,]$`,
    valediction: r`yours (?:sincerely|faithfully|respectfully)|sincerely`,
    names: r`names?(?:\(s\))? ?:|names? and (?:preferred )?pronouns?(?:\(s\))?(?: \(s\))? ?(?::|$)`,
    gender: r`gender(?: m\/f)?|sex`,
    embassy: r`(?:royal )?embassy of\b`,
    country: r`country`,
    date: r`date|issue date|publication date|date of (?:issue|publication)`,
    title: r`(?:urgent action )?title ?(?::|$) ?`,
    languages: r`preferred languages?(?: to address targets?)?\b`,
    until: r`appeal deadline(?: notice)?\b`,
    letter: r`letter\b(?! of)|sample letter\b`,
    previous: r`link to (?:the )?previous`,
    model: r`(?:\d\) ?)?take action ?: ?write|(?:\d[.)] ?)?(?:take action ?: ?)?write a letter in your own words`,
    banner: r`urgent action\b`,
    footer: r`amnesty international(?:,? (?:urgent action|international secretariat))?(?: +|\t)\d{1,3}$|amnesty international,? (?:urgent action|international secretariat)\b.{0,100}$`,
  },
  Spanish: {
    number: r`más información (?:\([^()]{1,40}\) )?sobre|(?:nueva |más )?información (?:complementaria|adicional) sobre|cierre de|número de`,
    further: r`\b(?:más información (?:\([^()]{1,40}\) )?sobre|información (?:complementaria|adicional) sobre|actualización (?:de|sobre)|seguimiento (?:de|a))(?!\p{L})`,
    index: r`(?:número de )?índice(?: ai)?`,
    date: r`fecha(?: de (?:emisión|publicación))?`,
    country: r`país`,
    names: r`nombres?(?: y (?:pronombres?|género)[^:]{0,40})? ?:|nombres? y pronombres?[^:]{0,40}$`,
    gender: r`sexo`,
    previous: r`enlace a la au anterior`,
    asks: r`datos de contacto del destinatario\b|llamamientos a ?:|escriban inmediatamente|env[ií]en (?:sus )?llamamientos|act[uú]en ?:|acci[oó]n recomendada|acciones recomendadas`,
    addressees: r`env[ií]en (?:sus )?llamamientos\b.{0,80}\ba ?:$|llamamientos a ?:?$|datos de contacto\b.{0,60}$`,
    model: r`act[uú]en ?: ?redacten`,
    copies: r`(?:y |env[ií]en )?(?:también )?copias? (?:a|de)\b|env[ií]en también copia`,
    greeting: r`tratamiento`,
    contact: r`correos?(?:-e| electr[oó]nicos?)?`,
    salutation: r`(?:estimad[oa]s?|señora?|excmo|excelencia|excelentísim[oa])(?!\p{L}).{0,60}[:,]$`,
    valediction: r`atentamente`,
    languages: r`idiomas? (?:preferidos?|preferentes?)[^:]{0,60}(?::|$)`,
    until: r`fecha límite\b`,
    letter: r`carta$`,
    deadline: r`\b(?:env[ií]en (?:sus )?(?:llamamientos|apelaciones),?[^.]{0,60}? (?:antes del|hasta el|no más tarde del)|act[uú]en (?:lo antes posible,? )?(?:y )?(?:antes del|hasta el|no más tarde del)|si van a enviar(?:los| llamamientos) después del)(?!\p{L}) ?:?`,
    background: r`informaci[oó]n (?:adicional|complementaria|general|de contexto)\b(?! sobre)`,
    closing: r`\b(?:no se (?:requiere|solicita|pide) (?:ninguna otra|ninguna|m[aá]s) acci[oó]n|no se requieren? (?:m[aá]s|nuevas|otras) acci[oó]n(?:es)?|no (?:es|se considera) necesario (?:emprender|realizar|llevar a cabo) (?:ninguna otra|m[aá]s|nuevas) acci[oó]n(?:es)?|no es necesaria ninguna otra acci[oó]n|cierre de au\b)`,
    advice: r`consulten`,
    banner: r`acci[oó]n urgente\b`,
  },
  French: {
    number: r`informations? complémentaires? sur|écrire `,
    further: r`\b(?:informations? complémentaires? sur|compléments? d[’']information sur|actions? complémentaires? sur|mise à jour (?:de|sur))(?!\p{L})`,
    date: r`date (?:de publication|d[’']émission)`,
    country: r`pays`,
    names: r`(?:prénoms?, )?noms?(?:, prénoms?)?(?: et pronoms?[^:]{0,40})? ?:|noms? et pronoms?[^:]{0,40}$`,
    previous: r`lien vers l[’']au précédente`,
    asks: r`(?:veuillez )?envoye[rz] (?:vos )?appels|appels à ?:?$|coordonnées de la cible\b|dans les appels que vous ferez parvenir|passez à l['’]action ?:|actions? recommandées?|écrivez (?:une lettre|avant|de préférence|en )|agissez avant`,
    addressees: r`(?:veuillez )?envoye[rz] (?:vos )?appels\b.{0,80}\sà ?:$|appels à ?:?$|coordonnées de la cible\b.{0,40}$`,
    model: r`passez à l['’]action ?: ?envoyez`,
    embassy: r`ambassade\b`,
    copies: r`copies? (?:à|aux?)(?!\p{L})|veuillez également`,
    greeting: r`formule d['’]appel`,
    contact: r`courriels?|courriers? électroniques?|taxe postale|timbre`,
    salutation: r`(?:excellence|monsieur|madame|mesdames|messieurs|chère?s?|sire)(?!\p{L}).{0,60}[:,]$`,
    valediction: r`(?:je vous prie d[’']|veuillez )agréer`,
    languages: r`langues?(?:\(s\))? à (?:privilégier|utiliser)[^:]{0,60}(?::|$)`,
    until: r`date limite\b`,
    letter: r`lettre$`,
    deadline: r`\b(?:envoye[rz] (?:vos )?appels[^.]{0,40}? (?:avant le|jusqu['’]au)|merci d[’']agir[^.]{0,60}? avant le|valable jusqu['’]au|après le(?= \d{1,2}(?:er)? \p{L}+ \d{4},? vérifiez))(?!\p{L}) ?:?|(?<!\p{L})(?:à envoyer|écrivez|agissez|action en cours|date limite)[^.]{0,40}?(?: avant le| jusqu['’]au|:)(?!\p{L}) ?:?`,
    background: r`informations? générales?\b|complément d[’']information\b(?! sur)`,
    closing: r`\baucune (?:autre |nouvelle )?action (?:complémentaire |supplémentaire )?n['’]est (?:requise|demandée|nécessaire)`,
    advice: r`vérifiez|prénom\b`,
    over: r`action terminée\.?$|(?:cette )?action (?:est )?(?:clôturée|terminée|close)\.?$`,
    banner: r`action urgente\b`,
  },
  German: {
    number: r`(?:\d\. )?weitere informationen zu(?:r|m)?|ua-nr\.?:?`,
    index: r`(?:AI[- ])?index(?:nummer)?`,
    date: r`datum`,
    names: r`namen?(?: und (?:bevorzugtes? )?pronomen)? ?:`,
    salutation: r`(?:sehr geehrte[r]?|exzellenz|eure exzellenz)(?!\p{L}).{0,60}[:,]$`,
    valediction: r`(?:mit freundlichen grüssen|mit freundlichen grüßen|hochachtungsvoll|freundliche grüsse)`,
  },
  Italian: {
    number: r`(?:ulteriori )?(?:informazioni|aggiornament[oi]) (?:su(?:ll[a']?)?|a|al|di)|azione urgente[: -]*`,
    index: r`indice(?: ai)?`,
    date: r`data(?: di (?:emissione|pubblicazione))?`,
    names: r`nom[ei](?: e (?:pronome|pronomi|genere)[^:]{0,40})? ?:`,
    salutation: r`(?:egregi[oa]|gentile|eccellenza|sua eccellenza|altezza|illustre|signor[ea]?)(?!\p{L}).{0,60}[:,]$`,
    valediction: r`(?:distinti|cordiali) saluti`,
  },
  others: {
    salutation: r`(?:вельми)?шановн\p{L}{2,3}(?!\p{L}).{0,60}[:,!]$|уважаем\p{L}{2,3}(?!\p{L}).{0,60}[:,!]$`,
    valediction: r`з повагою|с уважением`,
    mail: r`[-_>* ]{0,12}(?:original message|forwarded message|begin forwarded message:?|message (?:transféré|d'origine)|mensaje (?:reenviado|original)|(?:weitergeleitete|ursprüngliche) nachricht|messaggio (?:inoltrato|originale))[-_* ]{0,12}$`,
  },
} as const satisfies Record<string, Record<string, string>>;

export type LayoutLabel = {
  [Language in keyof typeof layouts]: keyof (typeof layouts)[Language];
}[keyof typeof layouts];

/** The labels that end a list of names, or of addressees. */
export const ends =
  "advice asks background banner date further gender index languages letter model number previous salutation until".split(
    " ",
  ) as LayoutLabel[];

const compiled = new Map<LayoutLabel, RegExp>();
/** Matches the label in every layout: copies mix them. */
export function label(name: LayoutLabel): RegExp {
  let pattern = compiled.get(name);
  if (!pattern) {
    const words = Object.values<Partial<Record<LayoutLabel, string>>>(layouts)
      .flatMap((labels) => labels[name] ?? [])
      .join("|");
    pattern = new RegExp(within.includes(name) ? words : `^(?:${words})`, "iu");
    compiled.set(name, pattern);
  }
  return pattern;
}

export const hasLabel = (text: string, ...names: LayoutLabel[]): boolean =>
  names.some((name) => label(name).test(text));

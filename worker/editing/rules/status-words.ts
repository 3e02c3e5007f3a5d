/**
 * Words by which a sentence may speak of a person's status, and words by which
 * it states none: English, Spanish, French, German, Italian, Ukrainian,
 * Russian, Arabic, Turkish and Crimean Tatar. The sources of regular
 * expressions for whole words; each is met by a document of the tests.
 */
import type { ProposedField } from "../importer/draft.ts";

const r = String.raw;

/**
 * By the value that a person may accept for them. Words without a value only
 * make their sentence one to judge.
 */
export const statusSigns: Record<
  ProposedField | "charges",
  Record<string, string>
> = {
  custody: {
    /**
     * Too many meanings for a value, or one that only a person may state, as of
     * a death.
     */
    "": r`prison|penal colony|prisión|cárcel|\p{L}*gefängnis\p{L}*|strafkolonie|carcere|колоні\p{L}+|лишен\p{L}+ свободы|колони\p{L}+|سجن\p{L}*|سجين\p{L}*|detention|custody|locked|confined|seen|captive|held|questioned|let go|transferred|moved to|taken (?:away|into|from|by|with)|picked up|custodia|encerrad\p{L}+|retenid\p{L}+|trasladad\p{L}+|detención|détention|garde à vue|interpell\p{L}+|enferm\p{L}+|retenu\p{L}*|transfér\p{L}+|festnahme|(?!\p{L}*schaft)\p{L}*haft|gefangen\p{L}*|festgehalten|sitz(?:t|en)|verlegt|detenzione|fermat[oaei]|trattenut\p{L}|trasferit\p{L}|арест\p{L}+|اعتق\p{L}+|محتجز\p{L}*|arrest(?:s|ing)?|detain(?:s|ing|ee|ees)?|arrêt(?:er|ation)\p{L}*|free|libertad|en liberté|الإفراج|releas(?:e|es|ing)|released|disappear\p{L}*|missing|whereabouts|paradero|dispar(?:u|ition)\p{L}*|verbleib|aufenthaltsort|اختف\p{L}+|died|shot dead|murdered|found dead|killed|murió|muert[oa]s?|falleci\p{L}+|décéd\p{L}+|est mort\p{L}*|starb|gestorben|getötet|mort[oaie]|decedut\p{L}|помер\p{L}*|умер\p{L}*|توفي\p{L}*|під вартою|вийш\p{L}+ на волю|tutuklu\p{L}*|gözalt\p{L}+|ev hapsi|cezaev\p{L}+|tahliye|serbest|apis\p{L}*|azat|yaqalan\p{L}+`,
    imprisoned: r`in prison(?=[.,;]|$| (?:since|for|in|on|at)(?!\p{L}))|imprison\p{L}*|jail(?:ed|s)?|serving(?! (?:as|on|in))|recluid\p{L}+|cumpl\p{L}+ (?:una |su )?condena|purg\p{L}+|verbüß\p{L}+|scont\p{L}+|reclus\p{L}|encarcelad\p{L}+|emprisonn\p{L}+|incarcér\p{L}+|inhaftier\p{L}+|incarcerat\p{L}|ув['’ʼ]язнен\p{L}*|відбува\p{L}+|отбыва\p{L}+`,
    "pre-trial-detention": r`pre-?trial detention|awaiting trial|on remand|remanded|prisión preventiva|détention provisoire|untersuchungshaft|custodia cautelare|тримання під вартою|СІЗО|СИЗО|содержани\p{L} под стражей|الحبس الاحتياطي`,
    detained: r`arrested|detained|in custody|арестован\p{L}*|arrêtée?s?|incommunicado|abduct\p{L}+|detenid\p{L}+|detuv\p{L}+|détenu\p{L}*|festgenommen|verhaftet|arrestat\p{L}+|detenut\p{L}|затрим\p{L}+|заарештов\p{L}+|задерж\p{L}+`,
    "house-arrest": r`house arrest|arresto domiciliario|prisión domiciliaria|assign\p{L}+ à résidence|résidence surveillée|hausarrest|arresti domiciliari|домашн\p{L}+ арешт\p{L}*|домашн\p{L}+ арест\p{L}*|الإقامة الجبرية`,
    released: r`released(?! from (?:the|an?)(?!\p{L}))|freed|liberad\p{L}+|libér(?!al)\p{L}+|relâch\p{L}+|freigelassen|freilass\p{L}+|entlassen|freigekommen|rilasciat\p{L}|scarcerat\p{L}|звільн\p{L}+|освобод\p{L}+|освобожд\p{L}+|أفرج\p{L}*`,
    "conditional-release": r`on bail|parole|paroled|conditional(?:ly)? releas\p{L}+|probation|libertad (?:bajo fianza|condicional|provisional)|sous caution|liberté (?:conditionnelle|provisoire)|gegen kaution|auf bewährung|libertà (?:vigilata|condizionale|provvisoria)|su cauzione|під заставу|под залог|بكفالة`,
    "suspended-sentence": r`suspended (?:\p{L}+ ){0,2}(?:sentence|term)s?|(?:sentence|term)s? (?:was |were )?suspended|(?:avec|de) sursis|bewährungsstrafe\p{L}*|penas? suspendidas?|умовно|условно|مع وقف التنفيذ`,
    missing: r`missing(?=[.,;]|$| (?:since|for)(?!\p{L}))|desaparec\p{L}+|verschwunden|scompars\p{L}+|зник\p{L}*|исчез\p{L}*`,
    executed: r`execut(?:ed|ions?)|hanged|ejecut(?:ad|aron|ó|ci)\p{L}*|exécut(?:é|ion)\p{L}*|hingerichtet|hinrichtung|giustiziat\p{L}|impiccat\p{L}`,
    deported: r`deport\p{L}+|exiled?|extradit\p{L}+|expuls\p{L}+|exili\p{L}+|extrad\p{L}+|abgeschoben|abschiebung|espuls\p{L}+|депорт\p{L}+`,
    "psychiatric-detention": r`psychiatric|psiqui[aá]tric\p{L}+|psychiatri\p{L}+|psichiatric\p{L}|психіатричн\p{L}+|психиатрическ\p{L}+`,
  },
  charges: {
    "": r`charg(?:e|ed|es|ing)|accus(?:ed|es|ation\p{L}*)|indict\p{L}+|cargos|acusad\p{L}+|imputad\p{L}+|inculp\p{L}+|accusé\p{L}*|mis en examen|angeklagt|anklage|beschuldigt|vorgeworfen|accusat\p{L}|imputat\p{L}|обвинувач\p{L}+|обвин\p{L}+|اتهام\p{L}*|تهم\p{L}*`,
  },
  proceedings: {
    "not-charged": r`without charge|not been charged|sin cargos|sans inculpation|ohne anklage|senza accus\p{L}+`,
    charged: r`charged (?:with|under)|indict\p{L}+|imputad\p{L}+|inculpé\p{L}*|mis en examen|angeklagt|accusat\p{L} di|пред['’ʼ]явлено обвинувачення|предъявлено обвинение`,
    "on-trial": r`on trial|sotto processo`,
    /** A court has more to do with people than their trials. */
    "": r`trial|hearing|bail|appeal (?:was|is|has|against|court)|on appeal|appealed|court of appeal|recurso|apelación|proceso|pourvoi|en appel|berufung|revision|(?:in|fatto|fare|farà|presentato|respinto) appello|(?:l|d|dell|all|sull)[’']appello|ricorso|tribunal|court|juicio|audiencia|procès|audience|prozess|gericht\p{L}*|verhandlung|process[oi]|udienza|yargılan\p{L}+|dava|mahkeme\p{L}*|mahküm|суд\p{L}*|апеляц\p{L}+|апелляц\p{L}+|محكم\p{L}+|محاكم\p{L}+`,
    convicted: r`convict\p{L}+|found guilty|declarad\p{L}+ culpable|condenad\p{L}+|condamn\p{L}+|reconnu\p{L}* coupable|schuldig|verurteilt|condannat\p{L}|colpevol\p{L}|засуд\p{L}+|осужд\p{L}+|أدان\p{L}*`,
    "conviction-upheld": r`upheld|upholds|confirmed (?:the|his|her|their)|confirm(?:ó|aron)|confirmé\p{L}*|bestätigt\p{L}*|confermat\p{L}|залиш\p{L}+ (?:\p{L}+ )?без змін|остав\p{L}+ (?:\p{L}+ )?без изменений|أيدت`,
    quashed: r`quash\p{L}+|overturn\p{L}+|annul\p{L}+|set aside|retrial|anulad\p{L}+|anuló|cass(?:é|ation)\p{L}*|aufgehoben|annullat\p{L}|скасув\p{L}+|отмен\p{L}+|نقض\p{L}*`,
    acquitted: r`acquit\p{L}+|absuel\p{L}+|absolv\p{L}+|acquitt\p{L}+|freigesprochen|assolt\p{L}|виправд\p{L}+|оправд\p{L}+|برأ\p{L}*|براءة`,
    dropped: r`dropped|dismissed|retirad\p{L}+|sobreseíd\p{L}+|abandonné\p{L}*|non-lieu|eingestellt|archiviat\p{L}|ritirat\p{L}`,
  },
  sentence: {
    "": r`hapis ceza\p{L}+|sentence[ds]?|terms?|reduced|halved|struck down|served|condena\p{L}*|condamn\p{L}+|sursis|ramenée|purg\p{L}+|années? (?:de prison|d[’']emprisonnement)|\p{L}*strafe|verurteilt|bewährung|condann\p{L}+|pena|reclusione|death row|death penalty|years?(?:['’])? (?:in prison|imprisonment)|life imprisonment|commut\p{L}+|pardon\p{L}*|flogg\p{L}+|lashes|pena de muerte|años de (?:prisión|cárcel)|cadena perpetua|sentenciad\p{L}+|peine de mort|ans de (?:prison|réclusion)|perpétuité|jahren? (?:haft|gefängnis)|lebenslang\p{L}*|todesstrafe|begnadig\p{L}+|pena di morte|anni di (?:carcere|reclusione|prigione)|ergastolo|graziat\p{L}|вирок\p{L}*|приговор\p{L}*|строк\p{L}*|рок(?:ів|и) (?:позбавлення|ув['’ʼ]язнення)|срок\p{L}*|(?:лет|года) (?:лишения|колонии)|حكم\p{L}*|عقوب\p{L}+|سنوات`,
  },
  designation: {
    "prisoner-of-conscience": r`prisoners? of conscience|pres[oa]s? de conciencia|prisonni[eè]re?s? d[’']opinion|gewissensgefangene\p{L}*|prigionier[oaei] di coscienza|в['’ʼ]яз(?:ень|ня|нем|ні) сумління|узник\p{L}* совести|سجين رأي|سجناء رأي`,
    "human-rights-defender": r`human rights defenders?|defensor[ae]?s? (?:de (?:los )?)?derechos humanos|défenseur[es]?s? des droits humains|menschenrechtsverteidiger\p{L}*|difensor[ei] dei diritti umani|правозахисни\p{L}+|правозащитни\p{L}+|مدافع\p{L}* عن حقوق الإنسان`,
  },
};

/**
 * Words beside which a sentence states no value about now, or about somebody
 * else.
 */
export const unsaidSigns: Record<string, string> = {
  /**
   * A term that becomes shorter, or that is only a part, is another one than
   * the one that is named first.
   */
  reduces: r`redu[cjz]\p{L}+|of which|dont|de los cuales|davon|lash(?:es)?|shorten\p{L}*|cut|halv\p{L}+|commut\p{L}+|lowered|instead|rebaj\p{L}+|réduit\p{L}*|ramenée|verkürzt|herabgesetzt|ridott\p{L}|скорот\p{L}+|зменш\p{L}+|сократ\p{L}+|смягч\p{L}+|сниз\p{L}+|خفف\p{L}*|struck down|pardon\p{L}*|graziat\p{L}`,
  denies: r`not|never|no|nobody|nessun\p{L}*|nadie|niemand|personne|none|neither|nor|deny|den(?:ies|ied)|without|refus\p{L}+|ne|pas|jamais|sans|ni|sin|nunca|nicht|nie|kein\p{L}*|ohne|non|senza|не|ні|без|ни|нет|لم|لن|لا|ليس\p{L}*`,
  claims: r`claim\p{L}*|alleg\p{L}+|report\p{L}*|according|said|says?|state media|television|believe[ds]?|rumou?r\p{L}*|apparently|accus\p{L}+|suspect\p{L}*|told|unconfirmed|afirm\p{L}+|según|presunt\p{L}+|selon|affirm\p{L}+|aurai\p{L}*|serai\p{L}*|présumé\p{L}*|laut|angeblich|soll|sollen|behaupt\p{L}+|secondo|sarebbe\p{L}*|avrebbe\p{L}*|presunt\p{L}|заяв\p{L}+|стверджу\p{L}+|нібито|за словами|повідом\p{L}+|утвержда\p{L}+|якобы|по словам|сообщ\p{L}+|قال\p{L}*|زعم\p{L}*|وفق\p{L}*|بحسب|يعتقد|أفاد\p{L}*`,
  calls: r`must|should|call\p{L}*|urg\p{L}+|demand\p{L}*|ask\p{L}*|request\p{L}*|appeal for|immediately|unconditional\p{L}*|please|debe\p{L}*|exig\p{L}+|pid\p{L}+|inst[oae]\p{L}*|inmediat\p{L}+|doi\p{L}+|demand\p{L}+|exhort\p{L}+|immédiat\p{L}*|muss|müssen|forder\p{L}+|auffordern|unverzüglich|dev\p{L}+|chied\p{L}+|immediat\p{L}+|мають|вимага\p{L}+|заклика\p{L}+|негайно|должн\p{L}+|треб\p{L}+|призыва\p{L}+|немедленно|يجب|تطالب|ندعو|تدعو|فور\p{L}*`,
  threatens: r`fac(?:e|es|ed|ing)|risk\p{L}*|threat\p{L}*|could|might|would|will|if|up to|likely|fear\p{L}*|scheduled|expect\p{L}*|due|pending|before|unless|until|podría\p{L}*|peligro|riesgo|temor|hasta|risqu\p{L}+|pourrai\p{L}*|encour\p{L}+|menac\p{L}+|crain\p{L}+|jusqu\p{L}*|droh\p{L}*|könnte\p{L}*|werden|bis|rischi\p{L}*|potrebbe\p{L}*|fino|загрож\p{L}+|може|можуть|до|якщо|гроз\p{L}+|может|могут|если|угрож\p{L}+|يواجه\p{L}*|قد|مهدد\p{L}*`,
  /** What was so, and may be so no more. */
  recalls: r`still|who|nearly|almost|hours?|days?|briefly|whose|bailed|different|another|other|previous\p{L}*|earlier|former\p{L}*|once|had|first|after|when|while|during|since|initially|originally|ago|anterior\p{L}*|antes|había\p{L}*|tras|después|auparavant|avait|avaient|après|lors|früher\p{L}*|zuvor|hatte\p{L}*|war|waren|nachdem|prima|aveva\p{L}*|dopo|раніше|колишн\p{L}+|після|ранее|бывш\p{L}+|после|سابق\p{L}*|كان\p{L}*|بعد`,
  /** Somebody who belongs to the person. */
  relates: r`wi(?:fe|ves)|husband|sons?|daughters?|brothers?|sisters?|mother|father|cousins?|uncles?|aunts?|nephews?|nieces?|child(?:ren)?|famil\p{L}+|parents?|relatives?|colleagues?|friends?|lawyers?|partner|supporters?|members?|namesake|abogad\p{L}+|esposa?|hij[oa]s?|herman[oa]s?|madre|padre|familia\p{L}*|compañer\p{L}+|tí[oa]s?|vecin[oa]s?|oncles?|tantes?|neveux?|nièces?|onkel|neffe\p{L}*|nichte\p{L}*|avocat\p{L}*|épouse|femme|mari|frères?|sœurs?|fils|filles?|mère|père|proches|collègues?|anwält\p{L}+|anwalt\p{L}*|frau|ehemann|ehefrau|bruder\p{L}*|brüder\p{L}*|schwester\p{L}*|sohn\p{L}*|tochter|mutter|vater|familie\p{L}*|avvocat\p{L}+|moglie|marito|fratell\p{L}+|sorell\p{L}+|figli\p{L}*|адвокат\p{L}*|дружин\p{L}+|чоловік\p{L}*|брат\p{L}*|сестр\p{L}+|син\p{L}*|доньк\p{L}+|мати|батьк\p{L}+|родин\p{L}+|тітк\p{L}+|дядьк\p{L}+|бабус\p{L}+|племінни\p{L}+|колег\p{L}*|т[её]т\p{L}+|дяд\p{L}+|бабушк\p{L}+|племянни\p{L}+|коллег\p{L}*|друз\p{L}*|друг\p{L}{0,3}|жен[аыуе]\p{L}*|муж\p{L}*|сын\p{L}*|доч\p{L}+|мать|отец|семь\p{L}+|محامي\p{L}*|زوج\p{L}*|شقيق\p{L}*|أخ|أخت|ابن\p{L}*|والد\p{L}*|عائل\p{L}+|أسر\p{L}+`,
};

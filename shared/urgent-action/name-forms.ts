/** How a name of a person looks, and what looks like one without being it. */

const particles =
  /^(?:al|el|ag|bin|bint|ibn|ben|ould|de|del|della|da|das|dos|di|du|la|las|los|van|von|der|den|y|e|abu|ul|ur|le|mc)$/i;
const generic =
  /\b(?:others?|members?|famil(?:y|ies)|relatives?|villagers?|residents?|people|persons?|men|women|man|woman|children|child|boys?|girls?|students?|activists?|prisoners?|detainees?|refugees?|asylum|seekers?|workers?|journalists?|leaders?|civilians?|supporters?|employees?|staff|community|communities|peasants?|demonstrators?|protesters?|leaders|amnesty|international|urgent|action|appeal|index|date|the|including|all|his|her|their|inhabitants?|population|several|many|unknown|various|others|possible|fear|torture|death|penalty|legal|concern|execution|hundreds|thousands|dozens|one|two|three|four|five|six|seven|eight|nine|ten|both|male|female|gender|party|union|movement|association|organization|organisation|committee|president|minister|university|human|rights|lawyer|defenders?)\b/i;

/** Where a label or a mark vouches for a name, only these can't be in one. */
const institutional =
  /(?:^|\s)(?:others?|members?|famil(?:y|ies)|relatives?|villagers?|residents?|people|persons|men|women|man|woman|children|girls|boys|students?|activists?|prisoners|detainees|boy|girl|child|baby|unnamed|unidentified|anonymous|withheld|not known|all|including|unknown|various|both|several|many)(?:\s|$)|\b(?:Amnesty|International|Urgent|Appeals?|Index|Members|Others|Families|Family|Villagers|Residents|Relatives|Unknown|Various|Address|Salutation)\b|\b(?:Refugees|Prisoners|Activists|Students|Workers|Women|Children|Protesters|Journalists|People|Peoples|Communit(?:y|ies)|Relatives|Defenders|Lawyers|Centre|Center|Organi[sz]ation|Association|Group|Network|Union|Committee|Foundation|Movement|Party|Newspaper|Radio|Tribe|Camp|Village|Coalition|Council|Institute|Society|Seekers|Migrants|Leaders|Detainees|Process|Project|Programme|Commission|Federation|Council|Unit|Brigades?|Church|Mission|Company|Ltd|Inc|Corporation|University|College|School|Hospital)\b|\b(?:Comisi[oó]n|Corporaci[oó]n|Asociaci[oó]n|Comit[eéEÉ]|Movimiento|Centro|Unidad|Colectivo|Colectiva|Sindicato|Fundaci[oó]n|Consejo|Organizaci[oó]n|Federaci[oó]n|Confederaci[oó]n|Coordinadora|Grupo|Comunidad(?:es)?|Familiares|Integrantes|Miembros|Defensor[ae]s|Trabajadores|Campesinos|Proceso|Universidad|Instituto|Frente|Partido|Red|Ligue|Collectif|Mouvement|Conseil|Syndicat|F[eé]d[eé]ration|Groupe|Communaut[eé]|Membres|Habitants|Familles?|Etudiants|Étudiants|D[eé]fenseurs|Autres|Otros|Otras)\b|\bn\/?a\b/u;

/** True for two to six words (one, where a label vouches for it), each with a capital or a particle. */
export function isName(text: string, vouched: boolean): boolean {
  if (
    text.length < 2 ||
    text.length > 70 ||
    (vouched ? institutional : generic).test(text) ||
    /[\d"“”/@:;!?<>[\]{}_*=]/.test(text)
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

/** Cuts at commas, semicolons and "and", but not within brackets. */
export function pieces(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let piece = "";
  const cut = () => {
    if (piece.trim()) found.push(piece.trim());
    piece = "";
  };
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] as string;
    if (letter === "(") depth++;
    if (letter === ")") depth = Math.max(0, depth - 1);
    if (depth === 0 && (letter === "," || letter === ";")) {
      cut();
      continue;
    }
    const joint = depth === 0 && letter === " " ? /^ (?:and|&|et) /i.exec(text.slice(at, at + 5)) : null;
    if (joint) {
      cut();
      at += joint[0].length - 1;
    } else piece += letter;
  }
  cut();
  return found;
}

/** True when the running text begins a statement about somebody of this name. */
export function isSubject(name: string, body: string): boolean {
  let at = body.indexOf(name);
  // The first places tell: its own line in the heading may be one of them.
  for (let tries = 0; at >= 0 && tries < 5; tries++) {
    const behind = body.slice(at + name.length, at + name.length + 40);
    if (
      /^(?:,? (?:was|were|is|has|had|who)\b| \(|, (?:aged )?\d|, an? (?:\d|\p{L}+ )?(?:student|lawyer|journalist|teacher|doctor|farmer|writer|worker|priest|monk|nun|man|woman)\b)/u.test(
        behind,
      )
    )
      return true;
    at = body.indexOf(name, at + 1);
  }
  return false;
}

/** "Demo AY", which the running text has as "Demo Ay": two capitals alone may be an abbreviation. */
export function hasShortSurname(name: string, body: string): boolean {
  const found = /^((?:\p{Lu}\p{Ll}+ )+)(\p{Lu})(\p{Lu})$/u.exec(name);
  return found !== null && body.includes(`${found[1]}${found[2]}${found[3]?.toLowerCase()}`);
}

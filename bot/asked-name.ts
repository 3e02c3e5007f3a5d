/** The name in a question or a request: "Is Kukuvina free?", "follow Kukuvina", "Kukuvina'yu ne oldu?". */

/** Words around a name, in our languages. They count only when the whole text finds nothing, because a name may be one of them. */
const AROUND = new Set(
  (
    "is are was were has have been a an the he she they still free freed released alive in prison jail what what's whats about happened to where how when who " +
    "please tell me show follow find search any news of on for update status case hello hi and " +
    "чи де що як з із коли сталося стало вільний вільна вільні волі звільнили звільнено на про новини стежити підписатися справа справу за будь ласка він вона в у " +
    "что где как с когда случилось свободе свободен свободна освободили освобождён новости о об подписаться следить дело дела пожалуйста он она ли " +
    "ne oldu nerede nasıl serbest mi mı mu mü bırakıldı takip et hakkında haber haberi var lütfen dava vaka " +
    "oldı qayda azat mı taqip aqqında davası " +
    "ما ماذا حدث حصل مع أين هل حر حرة أخبار عن متابعة قضية هو هي في " +
    "qué que pasó con está libre dónde noticias de sobre seguir al el la lo por favor caso del ha sido liberado liberada " +
    "qu'est-ce qu est ce est-il est-elle libre libéré libérée où nouvelles suivre arrivé arrivée à au le les cas il elle"
  ).split(" "),
);

/** A case ending that Turkish and Crimean Tatar set off from a name. */
const ENDING = /(?<=\p{L}{2})['’ʼ]\p{L}{1,6}$/u;

/** @returns null when nothing is left, or everything */
export function nameAsked(text: string): string | null {
  const words = text.split(/[\s?!.,;:¿¡؟،"“”«»()]+/u).filter((word) => word !== "");
  const left = words
    .filter((word) => !AROUND.has(word.toLowerCase()) && !AROUND.has(word))
    .map((word) => word.replace(ENDING, ""));
  const name = left.join(" ");
  return name === "" || name === text.trim() ? null : name;
}

/** The most words of a name that nobody is called yet. */
const MAX_NAME_WORDS = 4;

/** The name that a text may ask for; null for a text that is too long to be one. */
export function possibleName(text: string): string | null {
  const name = nameAsked(text) ?? text.trim();
  return name.split(/\s+/).length > MAX_NAME_WORDS ? null : name;
}

const THANKS =
  /^(?:(?:many |so )?thanks?(?: you)?(?: so much| a lot)?|thx|дякую|щиро дякую|спасибо|большое спасибо|благодарю|teşekkür(?:ler| ederim)?|sağ ?ol(?:un)?|sağ oluñız|شكرا|شكرًا|(?:muchas )?gracias|merci(?: beaucoup)?|ok|okay)[\s!.,]*$/iu;
const EMOJI = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u200d|\ufe0f/gu;

/** True for thanks, or emojis alone. */
export function isKindWord(text: string): boolean {
  const words = text.replace(EMOJI, "").trim();
  return words === "" ? text.trim() !== "" : THANKS.test(words);
}

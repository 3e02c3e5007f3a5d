/**
 * The name in a question or a request: "Is Kukuvina free?", "follow Kukuvina",
 * "Kukuvina'yu ne oldu?".
 */

const setOf = (words: string): Set<string> => new Set(words.split(" "));

/**
 * Words around a name, in our languages. They count only when the whole text
 * finds nothing, because a name may be one of them.
 */
const AROUND = setOf(
  "is are was were has have been a an the he she they still free freed released arrested alive in prison jail what what's whats about happened to where how when who " +
    "i i'm im want can could you do does know anything any help looking please tell me show follow subscribe notify find search news of on for update status case now hello hi and " +
    "чи де що як з із коли сталося стало вільний вільна вільні волі звільнили звільнено заарештували на про щодо відомо новини стежити підписатися хочу розкажіть допомогти шукаю " +
    "справа справу справою хто такий така є за будь ласка він вона в у зараз добрий день вітаю привіт " +
    "что где как с когда кто такой такая есть случилось свободе свободен свободна освободили освободят освобождён арестовали новости известно о об по про подписаться следить хочу " +
    "расскажите помочь ищу дело дела делом за на пожалуйста он она ли сейчас здравствуйте привет " +
    "ne oldu nerede nasıl kim serbest mi mı mu mü bırakıldı takip et etmek hapiste durumu nedir hakkında haber haberi var için yapabilirim arıyorum merhaba lütfen dava davası vaka " +
    "oldı qayda azat etildimi apiste taqip aqqında bar işi yardım qıdıram selâm " +
    "ما ماذا حدث حصل مع من أين هل حر حرة زالت الآن السجن أُفرج أخبار الجديد وضع عن متابعة أريد كيف أساعد أبحث مرحبا قضية هو هي في " +
    "qué que pasó pasado le con cómo quién puedo ayudar está sigue preso presa libre dónde noticias novedades hay de sobre seguir quiero busco sabes algo hola a al el la lo por favor caso del " +
    "han ha sido liberado liberada " +
    "qu'est-ce qu'est-il qu est ce est-il est-elle est-ce que qui y a-t-il des a été toujours en libre libéré libérée où nouvelles suivre veux je cherche aider comment devient " +
    "bonjour affaire l'affaire arrivé arrivée à au le les cas il elle",
);

/** A case ending that Turkish and Crimean Tatar set off from a name. */
const ENDING = /(?<=\p{L}{2})['’ʼ]\p{L}{1,6}$/u;

const wordsIn = (text: string): string[] =>
  text.split(/[\s?!.,;:¿¡؟،"“”«»()]+/u).filter((word) => word !== "");
const key = (word: string): string => word.toLowerCase().replaceAll("’", "'");

/**
 * What is left of a text without the words around a name. A name has capitals,
 * unless nothing has.
 */
function namesIn(text: string): string[] {
  const left = wordsIn(text)
    .filter((word) => !AROUND.has(key(word)))
    .map((word) => word.replace(ENDING, ""));
  const capital = left.filter((word) => /^\p{Lu}/u.test(word));
  return capital.length > 0 ? capital : left;
}

/** @returns null when nothing is left, or everything */
export function nameAsked(text: string): string | null {
  const name = namesIn(text).join(" ");
  return name === "" || name === text.trim() ? null : name;
}

/** True for a greeting, or a question about nobody. */
export const isSmallTalk = (text: string): boolean =>
  wordsIn(text).length > 0 && namesIn(text).length === 0;

/** The most words of a name that nobody is called yet. */
const MAX_NAME_WORDS = 4;

/**
 * The name that a text may ask for; null for a text that is too long to be one,
 * or has none.
 */
export function possibleName(text: string): string | null {
  const names = namesIn(text);
  return names.length === 0 || names.length > MAX_NAME_WORDS
    ? null
    : names.join(" ");
}

const THANKS = setOf(
  "thanks thank thx ok okay ок окей дякую спасибо благодарю teşekkür teşekkürler sağ sağol sağolun شكرا شكرًا gracias merci",
);
const AROUND_THANKS = setOf(
  "you so much very a lot many bye goodbye щиро дуже вам вас большое огромное çok ederim ederiz ol olun oluñız جزيلا جزيلًا لك لكم muchas mil beaucoup bien à vous",
);
const EMOJI = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u200d|\ufe0f/gu;

/** True for thanks, or emojis alone. */
export function isKindWord(text: string): boolean {
  const words = wordsIn(text.replace(EMOJI, " ")).map(key);
  if (words.length === 0) return text.replace(EMOJI, "") !== text;
  return (
    words.some((word) => THANKS.has(word)) &&
    words.every((word) => THANKS.has(word) || AROUND_THANKS.has(word))
  );
}

/** True for the word of somebody who wants no more messages. */
export const wantsToStop = (text: string): boolean =>
  /^(?:stop|unfollow|unsubscribe|стоп|відписатис[яь]|отписаться|takibi bırak|taqip etmemek|توقف|إيقاف المتابعة|parar|dejar de seguir|ne plus suivre)[.!]*$/iu.test(
    text.trim(),
  );

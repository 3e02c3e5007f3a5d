/**
 * Words that state, deny or join. Nothing else tells them from names in scripts
 * without capitals, and at the start of a sentence.
 */
import {
  custodyStates,
  proceedingStates,
} from "../../../shared/case/schema.ts";
import { type LocaleTag, localeTags } from "../../../shared/locale.ts";
import { statusLabel } from "../../../shared/profile/labels.ts";
import type { Profile } from "../../../shared/profile/schema.ts";

const FUNCTION_WORDS = new Set(
  [
    "not no never nobody none neither nor without only if unless until before after formerly alleged allegedly reportedly false falsely innocent guilty freed free alive dead",
    "не ні ані ніхто ніколи без лише тільки якщо доки поки нібито колишній ни никто никогда нет только если пока якобы бывший невинний невинна винний винна невиновен невиновна виновен виновна живий жива мертвий мертва вільний вільна жив мёртв мертв свободен свободна",
    "no ni nunca jamás nadie sin solo sólo si hasta antes ne pas jamais sans ni personne aucun aucune seul seulement sauf avant si inocente innocent innocente culpable coupable libre vivo viva vivant vivante muerto muerta mort morte",
    "değil hiç asla yok kimse sadece eğer olmadan önce sözde degil iç kimse yalıñız eger evel masum suçsuz suçlu özgür sağ ölü",
    "لا لم لن ليس ليست ما غير دون بدون إن أن قد في من إلى على عن مع هو هي هم كان كانت ثم أو و كل أي هذا هذه الذي التي بعد قبل بريء بريئة مذنب مذنبة حر حرة سجين سجينة طليق حي حية ميت ميتة برأت",
    "نه نیست نشد نبود نکرد هیچ بدون از به در با که این آن است شد بود و یا هم برای تا آزاد زندانی",
    "לא אין אינו אינה בלי של על עם את הוא היא הם זה זו כי גם או אם היה היתה אשם אשמה זכאי זכאית חופשי חופשייה",
    "不 没 没有 未 非 无 是 的 了 在 和 与 被 已 曾 于 他 她 我 无罪 有罪 無罪 自由",
    "ない ません いない なかった は が を に の と で です ます した",
    "아니 않 없 은 는 이 가 을 를 에 와 과 의",
    "არ ვერ ნუ არა და არის იყო რომ თუ",
    "नहीं न मत बिना है था थी और का की के को में से",
    "ไม่ ไม่ได้ ไม่มี และ ที่ ใน เป็น ถูก",
  ].flatMap((words) => words.split(" ")),
);

/** The words for every status in a language, as labels print them. */
function statusWords(language: LocaleTag, profile: Profile): string[] {
  const codes = {
    custody: [...custodyStates, ...profile.custody.map(({ value }) => value)],
    proceedings: [
      ...proceedingStates,
      ...profile.proceedings.map(({ value }) => value),
    ],
  };
  return (["custody", "proceedings"] as const).flatMap((list) =>
    codes[list].flatMap((code) =>
      code === "unknown"
        ? []
        : statusLabel(list, code, "they", language, profile),
    ),
  );
}

/** A test for words in lower case that are no names. */
export function functionWordTest(profile: Profile): (word: string) => boolean {
  const statuses = new Set(
    localeTags.flatMap((lang) =>
      statusWords(lang, profile).flatMap(
        (words) => words.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [],
      ),
    ),
  );
  return (word) => FUNCTION_WORDS.has(word) || statuses.has(word);
}

/** Words that state, deny or join. In scripts without capitals nothing else tells them from names. */
import { localeTags } from "../../../shared/locale.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import { statusWords } from "./questions.ts";

const FUNCTION_WORDS = new Set(
  [
    "لا لم لن ليس ليست ما غير دون بدون إن أن قد في من إلى على عن مع هو هي هم كان كانت ثم أو و كل أي هذا هذه الذي التي بعد قبل",
    "نه نیست نشد نبود نکرد هیچ بدون از به در با که این آن است شد بود و یا هم برای تا",
    "לא אין אינו אינה בלי של על עם את הוא היא הם זה זו כי גם או אם היה היתה",
    "不 没 没有 未 非 无 是 的 了 在 和 与 被 已 曾 于 他 她 我",
    "ない ません いない なかった は が を に の と で です ます した",
    "아니 않 없 은 는 이 가 을 를 에 와 과 의",
    "არ ვერ ნუ არა და არის იყო რომ თუ",
    "नहीं न मत बिना है था थी और का की के को में से",
    "ไม่ ไม่ได้ ไม่มี และ ที่ ใน เป็น ถูก",
  ].flatMap((words) => words.split(" ")),
);

/** A test for words of scripts without capitals that are no names. */
export function functionWordTest(profile: Profile): (word: string) => boolean {
  const statuses = new Set(
    localeTags.flatMap((lang) =>
      statusWords(lang, profile).flatMap((words) => words.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []),
    ),
  );
  return (word) => FUNCTION_WORDS.has(word) || statuses.has(word);
}

/** Latin spellings of names in other letters, for search keys and ids. Coarse, and never for display. */

/**
 * Spellings of each Latin letter or digraph, separated by spaces; the first entry lists letters that are dropped. Letters that NFKD
 * takes apart ("é", "й", "ї", "ў", "ѓ", "أ") don't need an entry. Ukrainian, Russian, Belarusian, Serbian, Macedonian, Tatar, Kazakh
 * and Tajik letters; Arabic and Persian consonants, whose short vowels are not written.
 */
const spellings: Record<string, string> = {
  "": "ъ ь ʿ ʾ ء ع ٔ",
  a: "а ә ə ا ى ة",
  ae: "æ",
  b: "б ب",
  ch: "ч ћ چ",
  d: "д đ ð د ض",
  dh: "ذ",
  dz: "ѕ",
  e: "е є э ѣ",
  f: "ф ѳ ف",
  g: "г ґ ғ ɣ گ",
  gh: "غ",
  h: "һ ҳ ħ ح ه ہ ھ",
  i: "и і ы ј ѵ ı ي ی ې ے",
  ia: "я",
  iu: "ю",
  j: "җ ҷ џ ђ ج",
  k: "к қ ĸ ق ك ک",
  kh: "х خ",
  l: "л љ ł ل",
  m: "м م",
  n: "н њ ң ŋ ن ں",
  o: "о ө ø",
  oe: "œ",
  p: "п پ",
  r: "р ر",
  s: "с س ص",
  sh: "ш щ ش",
  ss: "ß",
  t: "т ŧ ت ط",
  th: "þ ث",
  ts: "ц",
  u: "у ү ұ و",
  v: "в",
  z: "з ز ظ",
  zh: "ж ژ",
};

const latinOf = new Map(
  Object.entries(spellings).flatMap(([latin, letters]) => letters.split(" ").map((letter) => [letter, latin] as const)),
);

/** Everything that stands for an apostrophe: quotation marks, primes, accents that stand alone, and modifier letters. */
export const APOSTROPHES = "'`´‘’‛′‵ʹʻʼʽˈˊˋ՚׳Ꞌꞌ＇";

/** Marks, characters that print as nothing (soft hyphen, joiners, tags, Hangul fillers), apostrophes, and the Arabic tatweel. */
const dropped = new RegExp(`[\\p{M}\\p{Default_Ignorable_Code_Point}${APOSTROPHES}ـ]+`, "gu");

/** Replaces Arabic, Persian and full-width digits and signs by ASCII ones, and removes characters that print as nothing. */
export const plainCharacters = (text: string): string =>
  text
    .replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/[\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0))
    .replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/\p{Default_Ignorable_Code_Point}+/gu, "");

/** A text in lower case and Latin letters, without diacritics and apostrophes. Letters of other scripts stay as they are. */
export function latin(text: string): string {
  // Most words take this short way, and an index of thousands of cases folds tens of thousands.
  if (/^[\w ]*$/.test(text)) return text.toLowerCase();
  return (
    plainCharacters(text)
      // Marks go first: to sort a long run of them would take quadratic time.
      .replace(dropped, "")
      .normalize("NFKD")
      .replace(dropped, "")
      .toLowerCase()
      .replace(/[^\0-\u007f]/gu, (letter) => latinOf.get(letter) ?? letter)
  );
}

/**
 * Latin spellings of names in other letters, for search keys and ids. Coarse,
 * and never for display.
 */

/**
 * Spellings of each Latin letter or digraph, separated by spaces; the first
 * entry lists letters that are dropped. Letters that NFKD takes apart ("é",
 * "й", "ї", "ў", "ѓ", "أ") don't need an entry. Ukrainian, Russian, Belarusian,
 * Serbian, Macedonian, Tatar, Kazakh and Tajik letters; Greek, Georgian and
 * Armenian ones; Arabic, Persian and Hebrew consonants, whose short vowels are
 * not written.
 */
const spellings: Record<string, string> = {
  "": "ъ ь ʿ ʾ ء ع ٔ א ע",
  a: "а ә ə ا ى ة α ა ա",
  ae: "æ",
  b: "б ب ბ բ ב",
  ch: "ч ћ چ ჩ ჭ ճ չ",
  d: "д đ ð د ض δ დ դ ד",
  dh: "ذ",
  dz: "ѕ ძ ձ",
  e: "е є э ѣ ε ე ե է ը",
  ev: "և",
  f: "ф ѳ ف φ ֆ",
  g: "г ґ ғ ɣ گ γ გ գ ג",
  gh: "غ ღ ղ",
  h: "һ ҳ ħ ح ه ہ ھ ჰ հ ה ח",
  i: "и і ы ј ѵ ı ي ی ې ے η ι ი ի յ י",
  ia: "я",
  iu: "ю",
  j: "җ ҷ џ ђ ج ჯ ջ",
  k: "к қ ĸ ق ك ک κ კ ქ ყ կ ք כ ך ק",
  kh: "х خ χ ხ խ",
  ks: "ξ",
  l: "л љ ł ل λ ლ լ ל",
  m: "м م μ მ մ מ ם",
  n: "н њ ң ŋ ن ں ν ნ ն נ ן",
  o: "о ө ø ο ω ო ո օ",
  oe: "œ",
  p: "п پ π პ ფ պ փ פ ף",
  ps: "ψ",
  r: "р ر ρ რ ռ ր ר",
  s: "с س ص σ ς ს ս ס",
  sh: "ш щ ش შ շ ש",
  ss: "ß",
  t: "т ŧ ت ط τ თ ტ թ տ ט ת",
  th: "þ ث θ",
  ts: "ц ც წ ծ ց צ ץ",
  u: "у ү ұ و υ უ ւ ו",
  v: "в β ვ վ",
  z: "з ز ظ ζ ზ զ ז",
  zh: "ж ژ ჟ ժ",
};

const latinOf = new Map(
  Object.entries(spellings).flatMap(([latin, letters]) =>
    letters.split(" ").map((letter) => [letter, latin] as const),
  ),
);

/**
 * Everything that stands for an apostrophe: quotation marks, primes, accents
 * that stand alone, and modifier letters.
 */
export const APOSTROPHES = "'`´‘’‛′‵ʹʻʼʽˈˊˋ՚׳Ꞌꞌ＇";

/**
 * Marks, characters that print as nothing (soft hyphen, joiners, tags, Hangul
 * fillers), apostrophes, and the Arabic tatweel.
 */
const dropped = new RegExp(
  `[\\p{M}\\p{Default_Ignorable_Code_Point}${APOSTROPHES}ـ]+`,
  "gu",
);

/**
 * Replaces Arabic, Persian and full-width digits and signs by ASCII ones, and
 * removes characters that print as nothing.
 */
export const plainCharacters = (text: string): string =>
  text
    .replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/[\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0))
    .replace(/[\uff01-\uff5e]/g, (sign) =>
      String.fromCharCode(sign.charCodeAt(0) - 0xfee0),
    )
    .replace(/\p{Default_Ignorable_Code_Point}+/gu, "");

/**
 * A text in lower case and Latin letters, without diacritics and apostrophes.
 * Letters of other scripts stay as they are.
 */
export function latin(text: string): string {
  // Most words take this short way, and an index of thousands of cases folds
  // tens of thousands.
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

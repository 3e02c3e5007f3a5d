/** What a Ledger that fills itself has: cases with invented names. */
import type { Case } from "../../shared/case/schema.ts";

export interface Filling {
  /** Invented cases, numbered from 1. */
  cases: number;
  /** Revisions of the first case. */
  history: number;
  /** Events of the second case. */
  events: number;
  /** Further cases. */
  more?: Case[];
  /**
   * So many further cases, numbered from `from`, each with events of this text.
   */
  long?: { from: number; cases: number; text: string };
}

const syllables =
  "ba be bi bo bu da de di do du ka ke ki ko ku la le li lo lu ma me mi mo mu na ne ni no nu ra re ri ro ru".split(
    " ",
  );
const syllable = (index: number) =>
  syllables[index % syllables.length] as string;

/** Few cases share a word. */
const invented = (number: number, ending: string) => {
  const word =
    syllable(number * 7) +
    syllable(Math.floor(number / 35)) +
    syllable(Math.floor(number / 1_225) + number * 3);
  return `${word[0]!.toUpperCase()}${word.slice(1)}${ending}`;
};

/** An invented surname. */
export const surname = (number: number) => invented(number, "nov");

/**
 * Every fourth person has a name in Arabic letters as well, and that in these
 * letters only.
 */
const ARABIC_EVERY = 4;
export const hasArabicName = (number: number) => number % ARABIC_EVERY === 1;

/**
 * The invented name that a person has in Arabic letters, as it is written in
 * Latin ones.
 */
export const arabicNameInLatin = (number: number) => invented(number, "shan");

const arabicLetters: Record<string, string> = {
  ...{
    sh: "ش",
    a: "",
    b: "ب",
    d: "د",
    e: "",
    i: "ي",
    k: "ك",
    l: "ل",
    m: "م",
    n: "ن",
    o: "",
    r: "ر",
    u: "و",
  },
};

export const arabicName = (number: number) =>
  arabicNameInLatin(number)
    .toLowerCase()
    .replace(/sh|./g, (letter) => arabicLetters[letter] as string);

/** Countries of the invented places, by ISO 3166 code. */
const countries =
  "AE AF AM AZ BD BH BI BO BR BY CD CM CN CO CU DJ DZ EG ER ET GE GT HN ID IL IN IQ IR JO KE KG KH KR KW KZ LA LB LK LY MA MD".split(
    " ",
  );

export const countryOf = (number: number) =>
  countries[number % countries.length] as string;

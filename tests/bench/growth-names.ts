const syllables =
  "ba be bi bo bu da de di do du ka ke ki ko ku la le li lo lu ma me mi mo mu na ne ni no nu ra re ri ro ru".split(" ");
const syllable = (index: number) => syllables[index % syllables.length] as string;

/** An invented surname. Few cases share one. */
export const surname = (number: number) => {
  const word =
    syllable(number * 7) + syllable(Math.floor(number / 35)) + syllable(Math.floor(number / 1_225) + number * 3);
  return `${word[0]!.toUpperCase()}${word.slice(1)}nov`;
};

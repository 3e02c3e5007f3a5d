const DEFAULT_WIDTH_EM = 0.635;

/**
 * Widths in DejaVu Sans of the characters that are wider or narrower than most;
 * the first match counts.
 */
const characterWidths: [characters: RegExp, ems: number][] = [
  [/\p{M}|\p{Cf}/u, 0],
  [/[ijlıіїІЇIJ.,:;·'’|!\s]/u, 0.34],
  [/[frt()[\]-]/u, 0.42],
  [/[cksvxyzгзстухэѕ]/u, 0.6],
  [/[ШЩЖЮ№سشصض]/u, 1.1],
  [/[mwMWшщжюыфЫ—…@%]/u, 1],
  [/\p{Lu}/u, 0.79],
  [/\p{sc=Cyrillic}/u, 0.66],
];

/**
 * Estimates the width of a text, in pixels, in the widest common font: an image
 * can't measure the reader's font.
 */
export function widthOf(text: string, fontSizePx: number): number {
  let ems = 0;
  for (const character of text)
    ems +=
      characterWidths.find(([characters]) => characters.test(character))?.[1] ??
      DEFAULT_WIDTH_EM;
  return Math.ceil(ems * fontSizePx);
}

/** Puts pieces of a text into lines, each as full as it fits. */
export function filledLines(
  pieces: string[],
  fits: (line: string) => boolean,
): string[] {
  const lines = [""];
  for (const piece of pieces) {
    const line = lines.at(-1) + piece;
    if (fits(line)) lines.splice(-1, 1, line);
    else lines.push(piece);
  }
  return lines;
}

/**
 * Narrows the room while a text takes as few lines as before, so that they are
 * of about one length and no word stands alone.
 */
export function balanced(
  linesWithin: (roomPx: number) => string[],
  roomPx: number,
): string[] {
  const { length } = linesWithin(roomPx);
  let width = roomPx;
  while (width > roomPx / 2 && linesWithin(width * 0.98).length === length)
    width *= 0.98;
  return linesWithin(width);
}

/** Between two parts of a line. None begins with it. */
export const DOT = "\u00a0· ";

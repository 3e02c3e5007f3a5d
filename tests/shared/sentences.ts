/**
 * Splits a document into sentences by rules alone. Blank lines separate blocks; a line without a lower-case letter is a heading; other
 * lines of a block are joined, and Unicode sentence boundaries (UAX #29) split them.
 */
export function sentencesOf(document: string): string[] {
  const segmenter = new Intl.Segmenter("en", { granularity: "sentence" });
  const runs = document.split(/\n\s*\n/).flatMap((block) => {
    const parts: string[] = [];
    let open = false;
    for (const line of block.split("\n").map((text) => text.trim())) {
      if (line === "") continue;
      const heading = !/\p{Ll}/u.test(line);
      if (open && !heading) parts[parts.length - 1] += ` ${line}`;
      else parts.push(line);
      open = !heading;
    }
    return parts;
  });
  return runs.flatMap((run) => [...segmenter.segment(run)].map(({ segment }) => segment.trim())).filter(Boolean);
}

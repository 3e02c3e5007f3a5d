/**
 * Makes worker/web/workshop/share.ttf, the font of the images made for each
 * case: the Latin, Greek, Cyrillic and Arabic letters of FiraGO SemiBold (OFL
 * 1.1), a sans that newspapers use. It is a single font, because the renderer
 * can't combine several in a line of mixed scripts.
 */
import { readFile, writeFile } from "node:fs/promises";
import subsetFont from "subset-font";
import { root } from "./root.ts";

const ranges = [
  [0x20, 0x7e],
  [0xa0, 0x24f],
  [0x300, 0x30f],
  [0x370, 0x3ff],
  [0x400, 0x52f],
  [0x600, 0x6ff],
  [0x1e00, 0x1eff],
  [0x2010, 0x203a],
  // The forms of Arabic letters. Each other letter has one: small capitals and
  // the like stay out.
  [0xfb50, 0xfdff],
  [0xfe70, 0xfefc],
] as const;
const characters = ranges.flatMap(([first, last]) =>
  Array.from({ length: last - first + 1 }, (_, index) =>
    String.fromCodePoint(first + index),
  ),
);

const font = await readFile(
  new URL(
    import.meta.resolve(
      "@fontsource/firago/files/firago-latin-600-normal.woff2",
    ),
  ),
);
await writeFile(
  `${root}worker/web/workshop/share.ttf`,
  await subsetFont(font, characters.join(""), {
    targetFormat: "truetype",
    noLayoutClosure: true,
    noHinting: true,
  } as Parameters<typeof subsetFont>[2]),
);

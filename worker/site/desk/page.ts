/** The editors' page: a shell without data, whose script asks for the token. Its files stand at addresses that never change what they answer. */
import style from "../../../dist/desk.css";
import script from "../../../dist/desk.js";
import words from "../../../dist/desk-words.txt";
import { addresses } from "../../../shared/addresses.ts";
import { Refusal } from "../../../shared/failure.ts";
import { type LocaleTag, locales, localeTags, negotiate } from "../../../shared/locale.ts";
import type { Handlers } from "../../api/router.ts";
import { digest } from "../../digest.ts";

/** Nothing inline, nothing from elsewhere, nothing from text to script; nobody may frame it and no form leaves it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const headers = {
  "Content-Security-Policy": POLICY,
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "Strict-Transport-Security": "max-age=31536000",
  "X-Frame-Options": "DENY",
  "X-Robots-Tag": "noindex, nofollow",
};

interface DeskFile {
  path: string;
  body: string;
  type: string;
}

function fileOf(kind: "js" | "css" | "json", body: string, type: string): DeskFile {
  return { path: addresses.deskFile(digest(body).slice(0, 16), kind), body, type };
}

/** The page's files; the words of each language are one, for an editor needs one. */
interface DeskFiles {
  script: DeskFile;
  style: DeskFile;
  words: Record<LocaleTag, DeskFile>;
}

let made: DeskFiles | undefined;

/** Made when somebody first asks: no reader's answer waits for it. */
function deskFiles(): DeskFiles {
  made ??= {
    script: fileOf("js", script, "text/javascript; charset=utf-8"),
    style: fileOf("css", style, "text/css; charset=utf-8"),
    words: Object.fromEntries(
      words.split("\n").map((line, index) => [localeTags[index], fileOf("json", line, "application/json")]),
    ) as DeskFiles["words"],
  };
  return made;
}

/** Its `words` links are the desk's list of languages; the first to be read is asked for at once. */
function shell(locale: LocaleTag): string {
  const { script, style, words } = deskFiles();
  const languages = localeTags.map(
    (tag) => `<link rel="words" hreflang="${tag}" title="${locales[tag].name}" href="${words[tag].path}">`,
  );
  return `<!doctype html>
<html lang="${locale}" dir="${locales[locale].dir}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Casewire</title>
    <link rel="icon" href="data:,">
    <link rel="preload" as="fetch" crossorigin href="${words[locale].path}">
    <link rel="stylesheet" href="${style.path}">
    <script type="module" src="${script.path}"></script>
    ${languages.join("\n    ")}
  </head>
  <body><noscript>The desk needs JavaScript. The shell's commands do the same without it.</noscript></body>
</html>
`;
}

export const deskPageHandlers = {
  desk: (c) => c.html(shell(negotiate(c.req.header("Accept-Language"))), 200, headers),
  /** Another deployment's address is unknown here: its bytes went with it. */
  deskFile(c) {
    const { script, style, words } = deskFiles();
    const file = [script, style, ...Object.values(words)].find(({ path }) => path === c.req.path);
    if (!file) throw new Refusal({ tag: "no-such-address", path: c.req.path });
    return c.body(file.body, 200, { ...headers, "Content-Type": file.type });
  },
} satisfies Partial<Handlers>;

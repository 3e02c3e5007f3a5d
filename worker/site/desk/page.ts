/** The desk: an HTML shell without data, whose script asks for the token. The URLs of its files contain a hash of their content. */
import style from "../../../dist/desk.css";
import scripts from "../../../dist/desk-scripts.txt";
import words from "../../../dist/desk-words.txt";
import { addresses } from "../../../shared/addresses.ts";
import { Refusal } from "../../../shared/failure.ts";
import { type LocaleTag, locales, localeTags, negotiate, sourceLocale } from "../../../shared/locale.ts";
import type { Handlers } from "../../api/router.ts";
import { digest } from "../../digest.ts";
import { profileOf } from "../../profiles/profiles.ts";
import { escapeMarkup } from "../document/xml.ts";

/** Forbids inline code, other origins, scripts made from text, framing and form submissions. */
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

function fileOf(kind: "css" | "json", body: string, type: string): DeskFile {
  return { path: addresses.deskFile(digest(body).slice(0, 16), kind), body, type };
}

/** Files of the page. Each language's texts are a file of their own, because an editor needs only one language. */
interface DeskFiles {
  /** The page's own script first. It imports the others when they are needed. */
  scripts: DeskFile[];
  style: DeskFile;
  words: Record<LocaleTag, DeskFile>;
}

let files: DeskFiles | undefined;

/** Hashes the files on the first request for the desk, so that readers' requests don't wait for it. */
function deskFiles(): DeskFiles {
  files ??= {
    // The build has put hashes into their names, because they import each other.
    scripts: (JSON.parse(scripts) as [string, string][]).map(([name, body]) => ({
      path: `/${name}`,
      body,
      type: "text/javascript; charset=utf-8",
    })),
    style: fileOf("css", style, "text/css; charset=utf-8"),
    words: Object.fromEntries(
      words.split("\n").map((line, index) => [localeTags[index], fileOf("json", line, "application/json")]),
    ) as DeskFiles["words"],
  };
  return files;
}

/** Editors can use every language that Casewire speaks. */
const editorsLanguages = { languages: localeTags, defaultLanguage: sourceLocale };

/** The desk reads its list of languages from the `words` links. The first language is preloaded. */
function shell(locale: LocaleTag, title: string): string {
  const { scripts, style, words } = deskFiles();
  const languages = localeTags.map(
    (tag) => `<link rel="words" hreflang="${tag}" title="${locales[tag].name}" href="${words[tag].path}">`,
  );
  return `<!doctype html>
<html lang="${locale}" dir="${locales[locale].dir}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${title}</title>
    <link rel="icon" href="data:,">
    <link rel="preload" as="fetch" crossorigin href="${words[locale].path}">
    <link rel="stylesheet" href="${style.path}">
    <script type="module" src="${scripts[0]?.path}"></script>
    ${languages.join("\n    ")}
  </head>
  <body><noscript>The desk needs JavaScript. The shell's commands do the same without it.</noscript></body>
</html>
`;
}

export const deskPageHandlers = {
  desk(c) {
    const locale = negotiate(c.req.header("Accept-Language"), editorsLanguages);
    return c.html(shell(locale, escapeMarkup(profileOf(c.env).newsroom.name)), 200, headers);
  },
  /** Files of an earlier deployment are gone, so their URLs answer 404. */
  deskFile(c) {
    const { scripts, style, words } = deskFiles();
    const file = [...scripts, style, ...Object.values(words)].find(({ path }) => path === c.req.path);
    if (!file) throw new Refusal({ tag: "no-such-address", path: c.req.path });
    return c.body(file.body, 200, { ...headers, "Content-Type": file.type });
  },
} satisfies Partial<Handlers>;

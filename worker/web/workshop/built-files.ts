/**
 * What the build made: the documents about the API, which it derives from the
 * contract, and the desk's page and files, whose URLs contain a hash of their
 * content. The page names files of its own deployment, so both are here.
 */
import caseSchema from "../../../dist/case-schema.txt";
import style from "../../../dist/desk.css";
import script from "../../../dist/desk.txt";
import words from "../../../dist/desk-words.txt";
import openapi from "../../../dist/openapi.txt";
import { addressOf, paths } from "../../../shared/addresses.ts";
import {
  type LocaleTag,
  locales,
  localeTags,
  negotiate,
  sourceLocale,
} from "../../../shared/locale.ts";
import { escapeMarkup } from "../../editing/rules/xml.ts";
import { decode } from "../../runtime/decode.ts";
import { shortDigest } from "../../runtime/digest.ts";
import { once } from "../../runtime/once.ts";

export interface DeskFile {
  path: string;
  body: string;
  type: string;
}

function fileOf(
  kind: "css" | "js" | "json",
  body: string,
  type: string,
): DeskFile {
  return {
    path: addressOf(paths.deskFile, { hash: shortDigest(body), kind }),
    body,
    type,
  };
}

/**
 * Files of the page. Each language's texts are a file of their own, because an
 * editor needs only one language.
 */
const deskFiles = once(() => ({
  script: fileOf("js", decode(script), "text/javascript; charset=utf-8"),
  style: fileOf("css", style, "text/css; charset=utf-8"),
  words: Object.fromEntries(
    decode(words)
      .split("\n")
      .map((line, index) => [
        localeTags[index],
        fileOf("json", line, "application/json"),
      ]),
  ) as Record<LocaleTag, DeskFile>,
}));

/** Editors can use every language that Casewire speaks. */
const editorsLanguages = {
  languages: localeTags,
  defaultLanguage: sourceLocale,
};

/**
 * The desk reads its list of languages from the `words` links. The first
 * language is preloaded.
 */
export function deskPage(
  newsroom: string,
  acceptLanguage: string | undefined,
): string {
  const locale = negotiate(acceptLanguage, editorsLanguages);
  const { script, style, words } = deskFiles();
  const languages = localeTags.map(
    (tag) =>
      `<link rel="words" hreflang="${tag}" title="${locales[tag].name}" href="${words[tag].path}">`,
  );
  return `<!doctype html>
<html lang="${locale}" dir="${locales[locale].dir}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${escapeMarkup(newsroom)}</title>
    <link rel="icon" href="data:,">
    <link rel="preload" as="fetch" crossorigin href="${words[locale].path}">
    <link rel="stylesheet" href="${style.path}">
    <script type="module" src="${script.path}"></script>
    ${languages.join("\n    ")}
  </head>
  <body><noscript>The desk needs JavaScript.</noscript></body>
</html>
`;
}

/** Null for a file of another deployment. */
export function deskFile(path: string): DeskFile | null {
  const { script, style, words } = deskFiles();
  return (
    [script, style, ...Object.values(words)].find(
      (file) => file.path === path,
    ) ?? null
  );
}

const documentOf = (bytes: ArrayBuffer) =>
  once(() => {
    const text = decode(bytes);
    // The hash names the content. The version of the main Worker doesn't: the
    // two may be deployed apart.
    return { text, hash: shortDigest(text) };
  });

const documents = {
  openapi: documentOf(openapi),
  caseSchema: documentOf(caseSchema),
};

export const apiDocument = (name: keyof typeof documents) => documents[name]();

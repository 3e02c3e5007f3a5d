/**
 * Writes files that the Worker reads into dist/: the API's documents, generated from its route declarations, the profiles after their
 * check, and readers' texts.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { catalogueOf } from "../../../shared/catalogues.ts";
import { localeTags } from "../../../shared/locale.ts";
import { parseMessage } from "../../../shared/message-format.ts";
import { caseSchemaDocument, openapiDocument } from "../../editing/contract/openapi.ts";
import { checkedProfiles } from "../../runtime/profiles/files.ts";

/** Parsed messages are a quarter longer, but neither Worker needs the parser, and a page's first text is ready sooner. */
const parsedMessages = (texts: Record<string, string>) =>
  Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, parseMessage(text)]));
/** Of the profiles' texts, only labels that depend on a person's gender are messages. */
const parsedLabel = (_: string, value: unknown) =>
  typeof value === "string" && value.includes("{gender,") ? parseMessage(value) : value;

const folder = new URL("../../../dist/", import.meta.url);
await mkdir(folder, { recursive: true });
await writeFile(new URL("openapi.txt", folder), JSON.stringify(openapiDocument()));
await writeFile(new URL("case-schema.txt", folder), JSON.stringify(caseSchemaDocument()));
await writeFile(new URL("profiles.txt", folder), JSON.stringify(checkedProfiles(), parsedLabel));
// One line for each language, in the order of `localeTags`.
const words = localeTags.map((tag) => `${JSON.stringify(parsedMessages(catalogueOf(tag)))}\n`);
await writeFile(new URL("words.txt", folder), words.join(""));

/**
 * Writes files that the Worker reads into dist/: the API's documents, generated
 * from its route declarations, the profiles after their check, and readers'
 * texts.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { catalogueOf } from "../../../shared/catalogues.ts";
import { localeTags } from "../../../shared/locale.ts";
import { parseMessage } from "../../../shared/message-format.ts";
import {
  caseSchemaDocument,
  openapiDocument,
} from "../../editing/contract/openapi.ts";
import { checkedProfiles } from "../../runtime/profiles/files.ts";

/**
 * Parsed messages are a quarter longer, but neither Worker needs the parser,
 * and a page's first text is ready sooner.
 */
const parsedMessages = (texts: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [key, parseMessage(text)]),
  );
/**
 * Of the profiles' texts, only labels that depend on a person's gender are
 * messages.
 */
const parsedLabel = (_: string, value: unknown) =>
  typeof value === "string" && value.includes("{gender,")
    ? parseMessage(value)
    : value;

const folder = new URL("../../../dist/", import.meta.url);
await mkdir(folder, { recursive: true });
await writeFile(
  new URL("openapi.txt", folder),
  JSON.stringify(openapiDocument()),
);
await writeFile(
  new URL("case-schema.txt", folder),
  JSON.stringify(caseSchemaDocument()),
);
await writeFile(
  new URL("profiles.txt", folder),
  JSON.stringify(checkedProfiles(), parsedLabel),
);
/**
 * Texts that only the bot's conversations, letters and the page about following
 * have. These are made in the workshop, so readers' isolates go without.
 */
const inConversations =
  /^letter\.|^follow\.page|^bot\.(?:privacy|help$|start$|safety(?!\.title\.act)|forget|hours|digest|command|description|group|desk\.(?:how|linked|already|unknown|full|stopped|none)$|manner|thanks|(?:un)?follow\.|following(?!\.state)|mentions\.|cases\.title$|case\.how$|language\.chosen$|share\.(?:first|button)$|act\.(?:how|tap|letter\.as-of|again|people|private|open)$|settings(?!\.follows\.show)|reminders|(?:nothing|wordless|paused|several|unclear|old|failed|declined|admins|slow)$|unblocked|channel\.(?!follow$))/;
/** One line for each language, in the order of `localeTags`. */
const wordsOf = (isWanted: (key: string) => boolean) =>
  localeTags
    .map((tag) =>
      Object.entries(catalogueOf(tag)).filter(([key]) => isWanted(key)),
    )
    .map(
      (texts) =>
        `${JSON.stringify(parsedMessages(Object.fromEntries(texts)))}\n`,
    )
    .join("");
await writeFile(
  new URL("words.txt", folder),
  wordsOf((key) => !inConversations.test(key)),
);
await writeFile(
  new URL("bot-words.txt", folder),
  wordsOf((key) => inConversations.test(key)),
);

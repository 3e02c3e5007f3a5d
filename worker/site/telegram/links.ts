/** Links to the newsroom's bot. */
import { followPayload } from "../../../bot/scope.ts";

/** Opens the bot. @param id a case to follow, after the bot's warning */
export const followUrl = (bot: string, id?: string): string =>
  `https://t.me/${bot}${id === undefined ? "" : `?start=${followPayload(id)}`}`;

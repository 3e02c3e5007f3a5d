/**
 * The profiles in the Worker. The build has checked them: a check takes 15 ms,
 * which every new isolate would spend.
 */
import profiles from "../../../dist/profiles.txt";
import { decode } from "../decode.ts";
import type { checkedProfiles as check } from "./files.ts";

export const checkedProfiles: typeof check = () => JSON.parse(decode(profiles));

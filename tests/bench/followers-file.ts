/** Makes a file of followers for a restore, because adding 100,000 followers one by one takes minutes. */
import { Vault } from "../../worker/objects/dispatcher/vault.ts";
import { FOLLOWERS, Section } from "../../worker/objects/storage/backup-lines.ts";
import { chatOf } from "../contract/chaos/troubles.ts";

/** The ids of the followers in a file: the first is a channel, the others are private chats. */
const followerOf = (index: number) => (index === 0 ? -1_000_000_000_000 - chatOf(0) : Math.abs(chatOf(index)));

export async function followersFile(followers: number, key: string, caseId: string, language: string): Promise<string> {
  const vault = await Vault.open(key);
  const at = new Date().toISOString();
  const { section, line } = Section.begin({ format: FOLLOWERS, madeAt: at, mark: at });
  const lines = [line];
  for (let index = 0; index < followers; index++) {
    const { hashes, keyId, sealed } = await vault.seal(followerOf(index));
    const [chat, rank] = [index + 1, index === 0 ? 0 : 2];
    const base64 = Buffer.from(sealed).toString("base64");
    const place = { chat, topic: 0 };
    const address = { id: chat, hash: hashes[0], key_id: keyId, sealed: { base64 } };
    lines.push(
      section.write({
        row: "chat",
        columns: { ...address, rank, chosen: language, spoken: language, silent: 0, neutral: 0 },
      }),
      section.write({ row: "follow", columns: { ...place, scope: caseId, rank, since: Date.parse(at) } }),
      section.write({ row: "told", columns: { ...place, case_id: caseId, number: 1 } }),
    );
  }
  return lines.join("") + section.seal().line;
}

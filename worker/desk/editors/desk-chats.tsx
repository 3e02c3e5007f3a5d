/** Telegram groups of editors: link one with a code, and unlink. */

import { useState } from "preact/hooks";
import type { DeskChats } from "../../editing/rules/desk-chats.ts";
import { Confirmed } from "../damaged-rows.tsx";
import { Button } from "../inputs.tsx";
import { useSession } from "../session.ts";
import { moment, say } from "../words.ts";
import { CopyField } from "./shown-once.tsx";
import type { ListChanges } from "./use-passkey.tsx";

export function DeskChatList({ bot, chats, busy, change }: DeskChats & ListChanges) {
  const { api } = useSession();
  const [code, setCode] = useState("");
  if (bot === null) return null;
  return (
    <section>
      <h2>{say("chats.title")}</h2>
      <p>{say("chats.lead")}</p>
      <ul class="rows">
        {chats.map(({ id, editor, added }) => (
          <li key={id}>
            <span class="hint">
              <bdi>{editor}</bdi> · {moment(added)}
            </span>
            <Confirmed
              label={say("chats.remove")}
              question={say("chats.remove.really")}
              onConfirm={() => void change(() => api.removeDeskChat({ id }))}
            />
          </li>
        ))}
      </ul>
      {code && <CopyField label={say("chats.code", { bot: `@${bot}` })} value={`/desk ${code}`} />}
      <Button
        class="quiet"
        disabled={busy}
        onPress={() => change(async () => setCode((await api.newDeskCode()).code))}
        say="chats.go"
      />
    </section>
  );
}

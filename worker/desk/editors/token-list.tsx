/** Tokens as rows, each with a button that revokes it. */
import type { EditorToken } from "../../editing/rules/editor-access.ts";
import { Confirmed } from "../damaged-rows.tsx";
import { moment, printDate, say } from "../words.ts";

interface TokenListProps {
  tokens: EditorToken[];
  named?: boolean;
  onRevoke: (id: string) => void;
}

export const lastUse = (day: string | null): string =>
  day === null ? say("me.unused") : say("me.used", { day: printDate(day) });

export function TokenList({ tokens, named = false, onRevoke }: TokenListProps) {
  return (
    <ul class="rows">
      {tokens.map(({ id, editor, label, scopes, expires, lastUsed }) => (
        <li key={id}>
          <b>
            {named && (
              <>
                <bdi>{editor}</bdi>
                {" · "}
              </>
            )}
            <bdi>{label}</bdi>
          </b>
          <span class="hint">
            {scopes.map((scope) => say(`scope.${scope}`)).join(", ")} ·{" "}
            {say("token.expires", { moment: moment(expires) })} ·{" "}
            {lastUse(lastUsed)}
          </span>
          <Confirmed
            label={say("token.revoke")}
            question={say("token.revoke.really")}
            onConfirm={() => onRevoke(id)}
          />
        </li>
      ))}
    </ul>
  );
}

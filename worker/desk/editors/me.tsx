/** An editor's own passkeys, recovery codes and tokens. */

import { useEffect, useState } from "preact/hooks";
import type { EditorAccess } from "../../editing/rules/editor-access.ts";
import { tokenScopes } from "../../editing/rules/roles.ts";
import { Confirmed } from "../damaged-rows.tsx";
import { Button } from "../inputs.tsx";
import { useSession } from "../session.ts";
import { moment, printDays, say } from "../words.ts";
import {
  type ListChanges,
  makePasskey,
  PasskeyLabel,
  usePasskeyAction,
} from "./passkey.tsx";
import { CopyField, RecoveryCodeList } from "./shown-once.tsx";
import { lastUse, TokenList } from "./token-list.tsx";

const DAYS = [30, 90, 366];

export function MeScreen() {
  const { api, me } = useSession();
  const [access, setAccess] = useState<EditorAccess | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const [label, setLabel] = useState("");
  const read = async () => setAccess(await api.readAccess());
  const { busy, notice, run, change } = usePasskeyAction(read);
  useEffect(() => void run(read), [api]);
  const add = (event: Event) => {
    event.preventDefault();
    void change(async () => {
      const { options } = await api.passkeyOptions();
      await api.addPasskey({
        body: { label, response: await makePasskey(options) },
      });
      setLabel("");
    });
  };

  return (
    <main class="page editors">
      <h1>
        <bdi>{me.editor}</bdi>
      </h1>
      <p class="lead">{say(`role.${me.role}`)}</p>
      {notice}
      {me.signedInBy === "secret" ? (
        <p>{say("me.secret")}</p>
      ) : (
        access && (
          <>
            <section>
              <h2>{say("me.passkeys")}</h2>
              <ul class="rows">
                {access.passkeys.map(({ id, label: name, added, lastUsed }) => (
                  <li key={id}>
                    <b dir="auto">{name}</b>
                    <span class="hint">
                      {say("me.added", { moment: moment(added) })} ·{" "}
                      {lastUse(lastUsed)}
                    </span>
                    {access.passkeys.length > 1 && (
                      <Confirmed
                        label={say("me.remove")}
                        question={say("me.remove.really")}
                        onConfirm={() =>
                          void change(() => api.removePasskey({ id }))
                        }
                      />
                    )}
                  </li>
                ))}
              </ul>
              <form class="row" onSubmit={add}>
                <PasskeyLabel value={label} onText={setLabel} />
                <button type="submit" class="quiet" disabled={busy}>
                  {say("me.add")}
                </button>
              </form>
            </section>
            <section>
              {codes ? (
                <RecoveryCodeList codes={codes} onDone={() => setCodes(null)} />
              ) : (
                <>
                  <h2>{say("codes.title")}</h2>
                  <p>{say("codes.left", { count: access.recoveryCodes })}</p>
                  <Button
                    class="quiet"
                    disabled={busy}
                    onPress={() =>
                      change(async () =>
                        setCodes((await api.newRecoveryCodes()).codes),
                      )
                    }
                    say="codes.new"
                  />
                </>
              )}
            </section>
            <section>
              <h2>{say("me.tokens")}</h2>
              <TokenList
                tokens={access.tokens}
                onRevoke={(id) => void change(() => api.revokeToken({ id }))}
              />
              <NewToken busy={busy} change={change} />
            </section>
          </>
        )
      )}
    </main>
  );
}

function NewToken({ busy, change }: ListChanges) {
  const { api } = useSession();
  const [token, setToken] = useState<string | null>(null);
  const make = (event: Event) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const scopes = tokenScopes.filter(
      (scope) => scope === "read" || data.has(scope),
    );
    const body = {
      label: String(data.get("label")),
      scopes: [...scopes],
      days: Number(data.get("days")),
    };
    setToken(null);
    void change(async () => setToken((await api.makeToken({ body })).token));
  };
  return (
    <>
      {token && <CopyField label={say("token.once")} value={token} />}
      <form class="new-token" onSubmit={make}>
        <label for="token-label">{say("token.label")}</label>
        <input
          id="token-label"
          name="label"
          required
          maxLength={100}
          dir="auto"
        />
        <fieldset>
          <legend>{say("token.scopes")}</legend>
          {tokenScopes.map((scope) => (
            <label key={scope} class="check">
              <input
                type="checkbox"
                name={scope}
                checked={scope === "read"}
                disabled={scope === "read"}
              />{" "}
              {say(`scope.${scope}`)}
            </label>
          ))}
        </fieldset>
        <label for="token-days">{say("token.days")}</label>
        <select id="token-days" name="days" value="90">
          {DAYS.map((days) => (
            <option key={days} value={days}>
              {printDays(days)}
            </option>
          ))}
        </select>
        <button type="submit" class="quiet" disabled={busy}>
          {say("token.make")}
        </button>
      </form>
    </>
  );
}

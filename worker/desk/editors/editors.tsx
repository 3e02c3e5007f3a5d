/**
 * Editors, for administrators: invite, change a role, remove, revoke tokens,
 * link a Telegram group, remove webhooks, and download a backup.
 */
import { useEffect, useState } from "preact/hooks";
import type { DeskChat, DeskChats } from "../../editing/rules/desk-chats.ts";
import type { EditorList } from "../../editing/rules/editor-access.ts";
import type { Hook } from "../../editing/rules/hooks.ts";
import { type Role, roles } from "../../editing/rules/roles.ts";
import { Confirmed } from "../damaged-rows.tsx";
import { Button, SelectInput, TextInput } from "../inputs.tsx";
import { saveAs } from "../save-as.ts";
import { useSession } from "../session.ts";
import { moment, say } from "../words.ts";
import { type ListChanges, usePasskeyAction } from "./passkey.tsx";
import { CopyField } from "./shown-once.tsx";
import { TokenList } from "./token-list.tsx";

const rolesInWords = () =>
  roles.map((role) => [role, say(`role.${role}`)] as const);

export function EditorsScreen() {
  const { api, me } = useSession();
  const [list, setList] = useState<
    (EditorList & DeskChats & { hooks: Hook[] }) | null
  >(null);
  const read = async () => {
    const [editors, chats, hooks] = await Promise.all([
      api.listEditors(),
      api.listDeskChats(),
      api.listHooks(),
    ]);
    setList({ ...editors, ...chats, ...hooks });
  };
  const { busy, notice, run, change } = usePasskeyAction(read);
  useEffect(() => {
    const look = () => void run(read);
    look();
    // Invitations are accepted, and groups linked, elsewhere.
    addEventListener("focus", look);
    return () => removeEventListener("focus", look);
  }, [api]);
  return (
    <main class="page editors">
      <h1>{say("nav.editors")}</h1>
      <p class="lead">{say("editors.lead")}</p>
      {notice}
      {list && (
        <>
          <ul class="rows">
            {list.editors.map(({ name, role, addedBy, added, passkeys }) => (
              <li key={name}>
                <b dir="auto">{name}</b>
                <ChangeRole
                  key={role}
                  name={name}
                  role={role}
                  onChange={(next) =>
                    void change(() =>
                      api.changeRole({ name, body: { role: next } }),
                    )
                  }
                />
                <span class="hint">
                  {passkeys === 0
                    ? say("editors.none")
                    : say("editors.by", {
                        editor: addedBy,
                        moment: moment(added),
                      })}
                </span>
                {name !== me.editor && (
                  <Confirmed
                    label={say("editors.remove", { name })}
                    question={say("editors.remove.really", { name })}
                    onConfirm={() =>
                      void change(() => api.removeEditor({ name }))
                    }
                  />
                )}
              </li>
            ))}
          </ul>
          <Invite busy={busy} change={change} />
          {list.invitations.length > 0 && (
            <section>
              <h2>{say("editors.waiting")}</h2>
              <ul class="rows">
                {list.invitations.map(
                  ({ id, name, role, invitedBy, expires }) => (
                    <li key={id}>
                      <b dir="auto">{name}</b>
                      <span class="hint">
                        {say(`role.${role}`)} · <bdi>{invitedBy}</bdi> ·{" "}
                        {say("token.expires", { moment: moment(expires) })}
                      </span>
                      <Confirmed
                        label={say("editors.cancel", { name })}
                        question={say("editors.cancel.really")}
                        onConfirm={() =>
                          void change(() => api.cancelInvitation({ id }))
                        }
                      />
                    </li>
                  ),
                )}
              </ul>
            </section>
          )}
          {list.tokens.length > 0 && (
            <section>
              <h2>{say("me.tokens")}</h2>
              <TokenList
                tokens={list.tokens}
                named
                onRevoke={(id) => void change(() => api.revokeToken({ id }))}
              />
            </section>
          )}
          <DeskChatList {...list} busy={busy} change={change} />
          {list.hooks.length > 0 && (
            <section>
              <h2>{say("hooks.title")}</h2>
              <RegisteredRows
                rows={list.hooks}
                onRemove={(id) => void change(() => api.removeHook({ id }))}
              />
            </section>
          )}
          <section>
            <h2>{say("backup.title")}</h2>
            <p>{say("backup.lead")}</p>
            <Button
              class="quiet"
              disabled={busy}
              onPress={() =>
                void run(async () =>
                  saveAs(
                    await (await api.exportAll()).blob(),
                    "casewire-backup.ndjson",
                  ),
                )
              }
              say="backup.go"
            />
          </section>
        </>
      )}
    </main>
  );
}

/**
 * A role changes with the button, because an arrow key is enough to choose
 * another one.
 */
function ChangeRole({
  name,
  role,
  onChange,
}: {
  name: string;
  role: Role;
  onChange: (role: Role) => void;
}) {
  const [next, setNext] = useState(role);
  return (
    <>
      <label class="unseen" for={`role ${name}`}>
        {say("editors.role")}
      </label>
      <SelectInput
        id={`role ${name}`}
        value={next}
        options={rolesInWords()}
        onChoose={setNext}
      />
      {next !== role && (
        <Button onPress={() => onChange(next)}>
          {say("editors.role.change", { name, role: say(`role.${next}`) })}
        </Button>
      )}
    </>
  );
}

function Invite({ busy, change }: ListChanges) {
  const { api, me } = useSession();
  // The first administrator is whoever set up the deployment.
  const isFirst = me.signedInBy === "secret";
  const [name, setName] = useState(isFirst ? me.editor : "");
  const [role, setRole] = useState<Role>(isFirst ? "administrator" : "author");
  const [made, setMade] = useState<{ name: string; link: string } | null>(null);
  const invite = (event: Event) => {
    event.preventDefault();
    setMade(null);
    void change(async () => {
      const { link } = await api.invite({ body: { name: name.trim(), role } });
      setMade({ name: name.trim(), link });
      setName("");
    });
  };
  return (
    <section>
      <h2>{say("editors.invite")}</h2>
      {made && (
        <CopyField
          label={say("editors.link", { name: made.name })}
          value={made.link}
        />
      )}
      <form class="row" onSubmit={invite}>
        <TextInput
          id="invite-name"
          label={say("editors.name")}
          required
          maxLength={60}
          value={name}
          onText={setName}
        />
        <label for="invite-role">{say("editors.role")}</label>
        <SelectInput
          id="invite-role"
          value={role}
          options={rolesInWords()}
          onChoose={setRole}
        />
        <button type="submit" class="quiet" disabled={busy}>
          {say("editors.invite")}
        </button>
      </form>
      <p class="hint">{say("editors.roles")}</p>
    </section>
  );
}

interface RegisteredProps {
  rows: (DeskChat & Partial<Hook>)[];
  onRemove: (id: string) => void;
}

/**
 * What administrators registered, each with its registrant, and a button that
 * removes it.
 */
function RegisteredRows({ rows, onRemove }: RegisteredProps) {
  return (
    <ul class="rows">
      {rows.map(({ id, editor, added, host, suspended, ended, trouble }) => (
        <li key={id}>
          {host && <b dir="ltr">{host}</b>}
          <span class="hint">
            <bdi>{editor}</bdi> · {moment(added)}
            {(suspended || ended || trouble) &&
              ` · ${say(suspended || ended ? "hooks.off" : "hooks.failing")}`}
          </span>
          <Confirmed
            label={
              host ? say("editors.remove", { name: host }) : say("chats.remove")
            }
            question={say(host ? "hooks.remove.really" : "chats.remove.really")}
            onConfirm={() => onRemove(id)}
          />
        </li>
      ))}
    </ul>
  );
}

/** Telegram groups of editors: link one with a code, and unlink. */
function DeskChatList({ bot, chats, busy, change }: DeskChats & ListChanges) {
  const { api } = useSession();
  const [code, setCode] = useState("");
  if (bot === null) return null;
  return (
    <section>
      <h2>{say("chats.title")}</h2>
      <p>{say("chats.lead")}</p>
      <RegisteredRows
        rows={chats}
        onRemove={(id) => void change(() => api.removeDeskChat({ id }))}
      />
      {code && (
        <CopyField
          label={say("chats.code", { bot: `@${bot}` })}
          value={`/desk ${code}`}
        />
      )}
      <Button
        class="quiet"
        disabled={busy}
        onPress={() =>
          change(async () => setCode((await api.newDeskCode()).code))
        }
        say="chats.go"
      />
    </section>
  );
}

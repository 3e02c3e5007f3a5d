/** The desk's root component: session, navigation and language. */

import type { ComponentChildren } from "preact";
import { useEffect, useErrorBoundary, useRef, useState } from "preact/hooks";
import type { Me } from "../editing/rules/desk.ts";
import { hasRole } from "../editing/rules/roles.ts";
import { CaseList } from "./case-list.tsx";
import { CaseScreen } from "./case-screen.tsx";
import { DraftScreen } from "./draft-screen.tsx";
import { EditorsScreen } from "./editors/editors.tsx";
import { InvitationScreen } from "./editors/invitation.tsx";
import { MeScreen } from "./editors/me.tsx";
import { ImportScreen } from "./import-screen.tsx";
import { Button } from "./inputs.tsx";
import { languages, loadLanguage, newsroomName } from "./load-language.ts";
import { Approvals, useWaiting } from "./publish/approvals.tsx";
import { AuditScreen } from "./publish/audit.tsx";
import { type DeskPlace, go, hashOf, usePlace } from "./route.ts";
import {
  needsApproval,
  onAccessEnded,
  type Session,
  SessionContext,
  saveAll,
  useIdleLock,
} from "./session.ts";
import { SignIn, type SignOut } from "./sign-in.tsx";
import { isLanguageReviewed, language, say } from "./words.ts";

/** How long a new sign-in waits for the save that the last sign-out started. */
const SAVE_TIMEOUT_MS = 6_000;

export function App() {
  const place = usePlace();
  const [session, setSession] = useState<Session | null>(null);
  const [, setLanguage] = useState(language());
  /** Whether loading the language chosen last failed. */
  const [languageFailed, setLanguageFailed] = useState(false);
  const [signOut, setSignOut] = useState<SignOut | null>(null);
  /** The save that the last sign-out started. */
  const saving = useRef<Promise<unknown>>(Promise.resolve());

  const leave = (why: SignOut["why"]) => {
    const save = saveAll();
    // A program's token goes on; a passkey's session ends with this page.
    if (session?.me.signedInBy === "session")
      void save.then(() => session.api.signOut()).catch(() => {});
    saving.current = save;
    setSession(null);
    setSignOut({ why, saved: "saving" });
    void save.then((refused) =>
      setSignOut((now) => now && { ...now, saved: refused ?? "saved" }),
    );
  };
  useEffect(
    () => (session ? onAccessEnded(() => leave("ended")) : undefined),
    [session],
  );
  const isLockNear = useIdleLock(session !== null, () => leave("locked"));

  const choose = async (tag: string) => {
    setLanguageFailed(false);
    try {
      setLanguage(await loadLanguage(tag));
    } catch {
      setLanguageFailed(true);
    }
  };
  return (
    <SessionContext.Provider value={session}>
      <header class="masthead">
        <a class="name" href={hashOf({ at: "cases" })}>
          {session?.me.profile.newsroom.name ?? newsroomName}{" "}
          <span>{say("app.title")}</span>
        </a>
        {session && (
          <Navigation
            place={place}
            me={session.me}
            onMe={(me) => setSession({ ...session, me })}
          />
        )}
        <div class="who">
          <label class="language">
            <span class="unseen">{say("app.language")}</span>
            <select
              value={language()}
              onChange={({ currentTarget: { value } }) => void choose(value)}
            >
              {languages.map(({ tag, name }) => (
                <option key={tag} value={tag} lang={tag}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          {languageFailed && (
            <span role="alert">{say("error.unreachable")}</span>
          )}
          {!isLanguageReviewed() && (
            <abbr class="unreviewed" title={say("app.unreviewed")}>
              <span class="unseen">{say("app.unreviewed")}</span>
              <span aria-hidden="true">*</span>
            </abbr>
          )}
          {session && (
            <>
              <a href={hashOf({ at: "me" })} title={say("nav.me")}>
                <bdi>{session.me.editor}</bdi>
              </a>
              <Button
                class="plain"
                onPress={() => leave("signed-out")}
                say="app.sign-out"
              />
            </>
          )}
        </div>
      </header>
      {session && isLockNear && (
        <p class="lock-warning" role="alert">
          {say("app.lock-near")}
        </p>
      )}
      {place.at === "invitation" ? (
        <InvitationScreen
          key={place.id}
          secret={place.id}
          onEnrolled={(next) => {
            setSignOut(null);
            setSession(next);
            go({ at: "cases" });
          }}
        />
      ) : session ? (
        <div class="screen">
          <GuardedScreen key={hashOf(place)} place={place} />
        </div>
      ) : (
        <SignIn
          signOut={signOut}
          onSignedIn={async (next) => {
            await Promise.race([
              saving.current,
              new Promise((resolve) => setTimeout(resolve, SAVE_TIMEOUT_MS)),
            ]);
            setSignOut(null);
            setSession(next);
          }}
        />
      )}
    </SessionContext.Provider>
  );
}

function Navigation({
  place,
  me,
  onMe,
}: {
  place: DeskPlace;
  me: Me;
  onMe: (me: Me) => void;
}) {
  const waiting = useWaiting(onMe);
  const entries: [DeskPlace, string][] = [
    [{ at: "cases" }, say("nav.cases")],
    [{ at: "import" }, say("nav.import")],
    ...(waiting > 0 || needsApproval(me) || me.signedInBy !== "secret"
      ? [[{ at: "approvals" }, say("nav.approvals")] as [DeskPlace, string]]
      : []),
    [{ at: "audit" }, say("nav.audit")],
    ...(hasRole(me, "administrator")
      ? [[{ at: "editors" }, say("nav.editors")] as [DeskPlace, string]]
      : []),
  ];
  return (
    <nav aria-label={say("nav.label")}>
      {entries.map(([to, label]) => (
        <a
          key={to.at}
          href={hashOf(to)}
          aria-current={to.at === place.at ? "page" : undefined}
        >
          {label}
          {to.at === "approvals" && waiting > 0 && (
            <span class="waiting"> ({waiting})</span>
          )}
        </a>
      ))}
    </nav>
  );
}

/**
 * A screen, or a message in its place when it can't be rendered, so that the
 * desk's other screens can still be opened.
 */
function GuardedScreen({ place }: { place: DeskPlace }) {
  const [error] = useErrorBoundary((cause) => console.error(cause));
  if (!error) return <Screen place={place} />;
  return (
    <main class="page">
      <div role="alert">
        <h1>
          {say(place.at === "draft" ? "damaged.title" : "refused.unexpected")}
        </h1>
      </div>
    </main>
  );
}

const screens: {
  [At in DeskPlace["at"]]: (
    place: Extract<DeskPlace, { at: At }>,
  ) => ComponentChildren;
} = {
  cases: () => <CaseList />,
  case: ({ id }) => <CaseScreen key={id} id={id} />,
  import: ({ id }) => <ImportScreen into={id} />,
  draft: ({ id }) => <DraftScreen key={id} id={id} />,
  approvals: ({ id }) => <Approvals id={id} />,
  editors: () => <EditorsScreen />,
  me: () => <MeScreen />,
  invitation: () => null,
  audit: () => <AuditScreen />,
};

const Screen = ({ place }: { place: DeskPlace }) => (
  <>{screens[place.at](place as never)}</>
);

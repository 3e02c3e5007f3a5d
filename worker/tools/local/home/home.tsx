/**
 * The home page of a local run: one case on its surfaces, and a form to publish
 * an update.
 */
import { render } from "preact";
import { useState } from "preact/hooks";
import { addresses, paths } from "../../../../shared/addresses.ts";
import { guardPointer } from "../../../desk/pointer-guard.ts";
import { ChatPane } from "./chat-pane.tsx";
import { DEMO, homeSettings, OTHER_CASES } from "./demo.ts";
import { DevicePane } from "./device-pane.tsx";
import { JsonPane } from "./json-pane.tsx";
import { PublishForm } from "./publish-form.tsx";

const COPIED_MS = 3_000;

/** A link to the desk, and the token to sign in there. */
function DeskLinks() {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(homeSettings.editorToken);
    setCopied(true);
    setTimeout(() => setCopied(false), COPIED_MS);
  };
  return (
    <div class="door">
      <a href={paths.desk} target="_blank" rel="noreferrer">
        Open the desk
      </a>
      <button type="button" class="quiet" onClick={() => void copy()}>
        {copied ? "Token copied" : "Copy the token"}
      </button>
    </div>
  );
}

function Home() {
  const [language, setLanguage] = useState(
    homeSettings.languages[0]?.tag ?? "en",
  );
  return (
    <>
      <header class="masthead">
        <h1>Casewire</h1>
        <p>One case, every surface, one moment</p>
        <nav aria-label="Elsewhere on this machine">
          <a href={addresses.front(language)}>All cases</a>
          {OTHER_CASES.map(({ id, number }) => (
            <a key={id} href={addresses.page(id, language)}>
              {number}
            </a>
          ))}
          {DEMO && <a href={addresses.page(DEMO, language)}>Demo case</a>}
          <a href={addresses.embedGuide(DEMO || undefined, language)}>
            Show a case on your site
          </a>
          <label>
            <span>Reader's language</span>
            <select
              value={language}
              onChange={({ currentTarget: { value } }) => setLanguage(value)}
            >
              {homeSettings.languages.map(({ tag, name }) => (
                <option key={tag} value={tag}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        </nav>
      </header>
      <section class="desk" aria-labelledby="desk-title">
        <h2 id="desk-title">{DEMO ? "Publish an update" : "Publish a case"}</h2>
        {DEMO ? (
          <PublishForm />
        ) : (
          <p class="publish">
            This newsroom has no demo case. Write its first case in the desk;
            readers then find it under All cases.
          </p>
        )}
        <DeskLinks />
      </section>
      {DEMO && <Panes language={language} />}
    </>
  );
}

function Panes({ language }: { language: string }) {
  return (
    <main>
      <section class="pane" aria-labelledby="partner-title">
        <header>
          <h2 id="partner-title">A partner's page</h2>
          <a href={`${homeSettings.partner}/?lang=${language}`}>
            <code>{homeSettings.partner.replace("http://", "")}</code>
          </a>
          <span class="state">another origin</span>
        </header>
        <div class="screen">
          <iframe
            title="The Demoland Courier"
            src={`${homeSettings.partner}/?lang=${language}`}
          />
        </div>
      </section>
      <JsonPane />
      {homeSettings.telegram && (
        <ChatPane language={language} telegram={homeSettings.telegram} />
      )}
      <DevicePane language={language} />
    </main>
  );
}

guardPointer(document);
render(<Home />, document.body);

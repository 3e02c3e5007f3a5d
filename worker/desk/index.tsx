/** The entry of the editors' page. */
import { render } from "preact";
import { App } from "./app.tsx";
import { loadLanguage } from "./load-language.ts";
import { guardPointer } from "./pointer-guard.ts";
import "./desk.css";
import "./pages.css";
import "./editor.css";
import "./form/form.css";
import "./form/portrait.css";
import "./publish/publish.css";
import "./tasks/tasks.css";
import "./editors/editors.css";

/** The Worker has set `lang` to the language that the browser prefers. */
const loaded = await loadLanguage(document.documentElement.lang).catch(
  () => undefined,
);

guardPointer(document);
render(
  loaded ? (
    <App />
  ) : (
    <p role="alert">
      The texts of this page could not be loaded. Reload the page.
    </p>
  ),
  document.body,
);

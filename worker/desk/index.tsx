/** The editors' page. */
import { render } from "preact";
import { App } from "./app.tsx";
import { speak } from "./speak.ts";
import "./desk.css";
import "./pages.css";
import "./editor.css";
import "./form/form.css";
import "./publish/publish.css";

/** The Worker has chosen by what the browser prefers. */
const spoken = await speak(document.documentElement.lang).catch(() => undefined);

render(spoken ? <App /> : <p role="alert">The words of this page did not arrive. Load it again.</p>, document.body);

/** The editors' page. */
import { render } from "preact";
import { App } from "./app.tsx";
import "./desk.css";
import "./pages.css";
import "./editor.css";
import "./form/form.css";
import "./publish/publish.css";

render(<App />, document.body);

/// <reference path="../../widget/css.d.ts" />
/** The smallest page that shows a case: renders the same card from the same view with Preact, once. */
import { render } from "preact";
import { viewAddress } from "../../shared/addresses.ts";
import { CaseCard } from "../../widget/case-card.tsx";
import widgetStyle from "../../widget/widget.css?inline";

const host = document.querySelector("div") as HTMLDivElement;
const root = host.attachShadow({ mode: "open" });
const sheet = new CSSStyleSheet();
sheet.replaceSync(widgetStyle);
root.adoptedStyleSheets = [sheet];
fetch(host.dataset.endpoint + viewAddress("ua-0-00", "en"))
  .then((answer) => answer.json())
  .then((view) => render(<CaseCard view={view} page="" />, root));

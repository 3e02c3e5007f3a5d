/// <reference path="../../widget/css.d.ts" />
/** The smallest page that shows a case: renders the widget's card from the same view with Preact, once. */
import { render } from "preact";
import { pageAddress, viewAddress } from "../../shared/addresses.ts";
import { CaseCard } from "../../widget/case-card.tsx";
import widgetStyle from "../../widget/widget.css?inline";

const host = document.querySelector("div") as HTMLDivElement;
const endpoint = host.dataset.endpoint ?? "";
const root = host.attachShadow({ mode: "open" });
const sheet = new CSSStyleSheet();
sheet.replaceSync(widgetStyle);
root.adoptedStyleSheets = [sheet];
fetch(endpoint + viewAddress("ua-0-00", "en"))
  .then((answer) => answer.json())
  .then((view) => render(<CaseCard view={view} page={endpoint + pageAddress("ua-0-00", "en")} />, root));

/**
 * A single-page app, whose route with a hash has no case. It draws everything
 * again after each change of the route.
 */
import { createElement, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";

function App() {
  const [draws, draw] = useState(0);
  useEffect(() => {
    draw(1);
    addEventListener("popstate", () => draw((before) => before + 1));
  }, []);
  const link = createElement("a", { href: "/" }, "UA 0/00 · Open the case");
  const element = createElement(
    "case-status",
    { case: "ua-0-00", lang: "en", endpoint: NEWSROOM },
    link,
  );
  return createElement(
    "div",
    { title: draws },
    location.hash ? "Elsewhere" : element,
  );
}

createRoot(document.getElementById("app")).render(createElement(App));

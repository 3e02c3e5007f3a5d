/**
 * The iframe's script, and that of a case's page with an open action. Keeps the case current while the frame is visible, and tells its parent
 * the height that it needs, in up to four ways: WordPress's, when the URL contains a secret; AMP's; Casewire's own,
 * `{type: "casewire:height", case, height}`, in CSS pixels; and the browser's, where it supports responsive iframes. The height is
 * public, so any parent may receive it.
 *
 * Accepts one message, and only from its parent: WordPress's "ready" with the iframe's secret. WordPress's sandbox blocks links, but
 * the parent opens those to our own host; a link to a source therefore opens the case's page.
 */
import { scrollBackAfterFocus } from "../../../../widget/scroll-back.ts";
import { connectAct, showCopyButtons } from "../act/act.browser.ts";
import { keepCurrent } from "./live-frame.browser.ts";
import { keepLinesWhole } from "./whole-lines.browser.ts";

declare global {
  interface Window {
    /** MDN: Window.requestResize(). Experimental. */
    requestResize?(): void;
  }
}

/** What adds up to the frame's height. A card that can be folded is taken apart, because it is clipped in its first part. */
const PARTS = ".offline:not([hidden]), .case:not(:has(> .all)), .case:has(> .all) > *";
const parts = () => document.querySelectorAll<HTMLElement>(PARTS);
const isFolded = () => document.querySelector(".all") && !document.querySelector(":is(.act, .all)[open]");

/** The height of a line that fades out. */
const FADING_PX = 16;

/**
 * The height that the frame needs, in CSS pixels: that of its text. A folded card is content with the height that it was given, as long as
 * number, news, title and dates fit into it.
 */
function neededHeight(given: number): number {
  let height = document.body.offsetHeight - document.body.clientHeight;
  for (const part of parts()) height += Math.max(part.getBoundingClientRect().height, part.scrollHeight);
  const [top, dates] = [document.querySelector(".top"), document.querySelector(".as-of")];
  if (!isFolded() || !top || !dates) return Math.ceil(height);
  const clipped =
    top.scrollHeight - (dates.getBoundingClientRect().bottom - top.getBoundingClientRect().top) - FADING_PX;
  return Math.ceil(Math.max(height - clipped, Math.min(height, given)));
}

function connectTo(parent: Window): () => void {
  const secret = /[?&#]secret=([A-Za-z0-9]+)/.exec(location.hash)?.[1];
  const name = location.pathname.split("/").pop();
  let given = innerHeight;
  const post = (message: object) => parent.postMessage(message, "*");
  const postHeight = () => {
    const height = neededHeight(given);
    if (isFolded() && innerHeight > height) document.body.style.setProperty("--folded", `${height}px`);
    else document.body.style.removeProperty("--folded");
    if (secret) post({ message: "height", value: height, secret });
    post({ sentinel: "amp", type: "embed-size", height });
    post({ type: "casewire:height", case: name, height });
    try {
      window.requestResize?.();
    } catch {
      // The parent isn't an iframe element.
    }
  };
  // A turned phone, or a parent that took back the height of an opened part.
  addEventListener("resize", () => {
    if (isFolded()) given = innerHeight;
  });
  const observer = new ResizeObserver(postHeight);
  const observe = () => {
    observer.disconnect();
    for (const part of parts()) observer.observe(part);
  };
  observe();
  addEventListener("message", ({ source, data }) => {
    if (source === parent && secret && data?.message === "ready" && data.secret === secret) postHeight();
  });
  addEventListener("click", (event) => {
    const link = (event.target as Element).closest("a");
    if (!link || !secret) return;
    event.preventDefault();
    const isOwnLink = new URL(link.href).host === location.host;
    const page = document.querySelector<HTMLLinkElement>("link[rel=canonical]");
    post({ message: "link", value: isOwnLink ? link.href : page?.href, secret });
  });
  return observe;
}

scrollBackAfterFocus(window);

const isAlone = parent === window;
// On paper, a page of its own shows everything; a frame has a fixed height.
document.documentElement.classList.toggle("alone", isAlone);
const observe = isAlone ? () => {} : connectTo(parent);
const isFrame = document.body.dataset.live !== undefined;
if (isFrame) keepLinesWhole();
connectAct(
  isFrame
    ? keepCurrent(() => {
        showCopyButtons();
        observe();
        keepLinesWhole();
      })
    : () => location.reload(),
);

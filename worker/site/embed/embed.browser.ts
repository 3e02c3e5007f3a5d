/**
 * The iframe's script, and that of a case's page with an open action. Keeps the case current while the frame is visible, and posts the frame's height to its parent whenever the
 * height changes, in up to four ways: WordPress's, when the URL contains a secret; AMP's; Casewire's own,
 * `{type: "casewire:height", case, height}`, in CSS pixels; and the browser's, where it supports responsive iframes. The height is
 * public, so any parent may receive it.
 *
 * Accepts one message, and only from its parent: WordPress's "ready" with the iframe's secret. WordPress's sandbox blocks links, but
 * the parent opens those to our own host; a link to a source therefore opens the case's page.
 */
import { connectAct, showCopyButtons } from "../act/act.browser.ts";
import { keepCurrent } from "./live-frame.browser.ts";

declare global {
  interface Window {
    /** MDN: Window.requestResize(). Experimental. */
    requestResize?(): void;
  }
}

function connectTo(parent: Window): () => void {
  const secret = /[?&#]secret=([A-Za-z0-9]+)/.exec(location.hash)?.[1];
  const name = location.pathname.split("/").pop();
  const post = (message: object) => parent.postMessage(message, "*");
  const parts = () => document.querySelectorAll<HTMLElement>("main > :not(h1), .head, .offline:not([hidden])");
  const postHeight = () => {
    const edge = document.body.offsetHeight - document.body.clientHeight;
    let height = edge;
    for (const part of parts()) {
      const { marginTop, marginBottom } = getComputedStyle(part);
      height += part.getBoundingClientRect().height + Number.parseFloat(marginTop) + Number.parseFloat(marginBottom);
    }
    height = Math.ceil(height);
    if (secret) post({ message: "height", value: height, secret });
    post({ sentinel: "amp", type: "embed-size", height });
    post({ type: "casewire:height", case: name, height });
    try {
      window.requestResize?.();
    } catch {
      // The parent isn't an iframe element.
    }
  };
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

const observe = parent === window ? () => {} : connectTo(parent);
const isFrame = document.body.dataset.live !== undefined;
connectAct(
  isFrame
    ? keepCurrent(() => {
        showCopyButtons();
        observe();
      })
    : () => location.reload(),
);

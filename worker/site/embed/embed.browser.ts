/**
 * The iframe's script. Posts the iframe's height to its parent whenever the height changes, in up to three formats: WordPress's, when
 * the URL contains a secret; AMP's; and Casewire's own, `{type: "casewire:height", case, height}`, in CSS pixels. The height is public,
 * so any parent may receive it.
 *
 * Accepts one message, and only from its parent: WordPress's "ready" with the iframe's secret. WordPress's sandbox blocks links, but
 * the parent opens those to our own host; a link to a source therefore opens the case's page. An iframe that was hidden for over a
 * minute reloads when it is shown again.
 */
const RELOAD_AFTER_MS = 60_000;

function connectTo(parent: Window) {
  const secret = /[?&#]secret=([A-Za-z0-9]+)/.exec(location.hash)?.[1];
  const card = document.querySelector("article") as HTMLElement;
  const name = location.pathname.split("/").pop();
  const post = (message: object) => parent.postMessage(message, "*");
  const postHeight = () => {
    const edge = document.body.offsetHeight - document.body.clientHeight;
    const foot = document.querySelector<HTMLElement>("footer.foot")?.offsetHeight ?? 0;
    const height = Math.ceil(card.getBoundingClientRect().height) + foot + edge;
    if (secret) post({ message: "height", value: height, secret });
    post({ sentinel: "amp", type: "embed-size", height });
    post({ type: "casewire:height", case: name, height });
  };
  new ResizeObserver(postHeight).observe(card);
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
  let hiddenAt = 0;
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) hiddenAt = Date.now();
    else if (hiddenAt && Date.now() - hiddenAt > RELOAD_AFTER_MS) location.reload();
  });
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
}

if (parent !== window) connectTo(parent);

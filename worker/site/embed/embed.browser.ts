/**
 * The frame's one script. It tells its height whenever that changes: in WordPress's words when it was given a secret, in AMP's, and in
 * our own, `{type: "casewire:height", case, height}` in CSS pixels. What it tells is public, so it may go to any parent.
 *
 * It listens to its parent alone, and to one message alone: WordPress's "ready" with the secret that this frame was given. In
 * WordPress's sandbox no link can open; the parent follows links to our own host for us, so a source's link leads to the case's page.
 * A frame that comes back into view after a minute is read again.
 */
const REREAD_AFTER_MS = 60_000;

function speakTo(parent: Window) {
  const secret = /[?&#]secret=([A-Za-z0-9]+)/.exec(location.hash)?.[1];
  const card = document.querySelector("article") as HTMLElement;
  const name = location.pathname.split("/").pop();
  const tell = (message: object) => parent.postMessage(message, "*");
  const report = () => {
    const edge = document.body.offsetHeight - document.body.clientHeight;
    const foot = document.querySelector<HTMLElement>("footer.foot")?.offsetHeight ?? 0;
    const height = Math.ceil(card.getBoundingClientRect().height) + foot + edge;
    if (secret) tell({ message: "height", value: height, secret });
    tell({ sentinel: "amp", type: "embed-size", height });
    tell({ type: "casewire:height", case: name, height });
  };
  new ResizeObserver(report).observe(card);
  addEventListener("message", ({ source, data }) => {
    if (source === parent && secret && data?.message === "ready" && data.secret === secret) report();
  });
  addEventListener("click", (event) => {
    const link = (event.target as Element).closest("a");
    if (!link || !secret) return;
    event.preventDefault();
    const own = new URL(link.href).host === location.host;
    const page = document.querySelector<HTMLLinkElement>("link[rel=canonical]");
    tell({ message: "link", value: own ? link.href : page?.href, secret });
  });
  let leftAt = 0;
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) leftAt = Date.now();
    else if (leftAt && Date.now() - leftAt > REREAD_AFTER_MS) location.reload();
  });
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
}

if (parent !== window) speakTo(parent);

/**
 * The iframe's script, and that of a case's page with an open action. Keeps the
 * case current while the frame is visible, and tells its parent the height that
 * it needs, in up to three ways: WordPress's, when the URL contains a secret;
 * AMP's; and Casewire's own,
 * `{type: "casewire:height", case, height}`, in CSS pixels. The height is public, so any parent may receive it.
 *
 * Accepts one message, and only from its parent: WordPress's "ready" with the
 * iframe's secret. WordPress's sandbox blocks links, but the parent opens those
 * to our own host; any other link therefore opens the case's page, an e-mail
 * the place to act there.
 */
import { startWriting } from "../../../../widget/writing.ts";
import { keepCurrent } from "./live-frame.browser.ts";

const { documentElement: html, body } = document;

/**
 * The height of the text with three people, in CSS pixels. A card fills a frame
 * that is higher.
 */
function naturalHeight(): number {
  html.classList.add("measuring");
  const height = body.offsetHeight;
  html.classList.remove("measuring");
  return height;
}

function connectTo(parent: Window): () => void {
  const secret = /[?&#]secret=([A-Za-z0-9]+)/.exec(location.hash)?.[1];
  const name = location.pathname.split("/").pop();
  let given = { width: innerWidth, height: innerHeight };
  let isSeen = true;
  const post = (message: object) => parent.postMessage(message, "*");
  const postHeight = () => {
    // A case that a reader sees fills what it was given, so that nothing moves;
    // a missing one needs no more than it takes.
    const least =
      isSeen && document.querySelector("[part=as-of]") ? given.height : 0;
    const height = Math.max(naturalHeight(), least);
    if (secret) post({ message: "height", value: height, secret });
    post({ sentinel: "amp", type: "embed-size", height });
    post({ type: "casewire:height", case: name, height });
  };
  new IntersectionObserver(([entry], observer) => {
    if (entry?.isIntersecting) observer.disconnect();
    if (entry?.isIntersecting && !isSeen)
      given = { width: innerWidth, height: innerHeight };
    isSeen = entry?.isIntersecting ?? true;
    if (!isSeen) postHeight();
  }).observe(html);
  addEventListener("resize", () => {
    // A turned phone.
    if (innerWidth !== given.width) given = { width: innerWidth, height: 0 };
    postHeight();
  });
  addEventListener("toggle", postHeight, true);
  addEventListener("message", ({ source, data }) => {
    if (
      source === parent &&
      secret &&
      data?.message === "ready" &&
      data.secret === secret
    )
      postHeight();
  });
  addEventListener("click", (event) => {
    const link = (event.target as Element).closest("a");
    if (!link || !secret) return;
    event.preventDefault();
    const isOwnLink = new URL(link.href).host === location.host;
    const page = document.querySelector<HTMLLinkElement>("link[rel=canonical]");
    const other =
      page && page.href + (link.protocol === "mailto:" ? "#act" : "");
    post({ message: "link", value: isOwnLink ? link.href : other, secret });
  });
  postHeight();
  return postHeight;
}

/**
 * Makes the place to act work.
 * @param onEnd called when the deadline may have passed
 */
function connectAct(onEnd: () => void): void {
  startWriting(document);
  // A device whose clock is ahead would reload again and again, so only a
  // moment that is still to come counts.
  const end = () =>
    Date.parse(
      document.querySelector<HTMLElement>(".appeal")?.dataset.ends ?? "",
    );
  let awaited = end() > Date.now() ? end() : Number.NaN;
  setInterval(() => {
    if (!(Date.now() >= awaited)) return;
    awaited = Number.NaN;
    document.querySelector(".act")?.remove();
    onEnd();
  }, 1_000);
}

const isAlone = parent === window;
const onContent = isAlone ? () => {} : connectTo(parent);
const refresh =
  body.dataset.live === undefined
    ? () => location.reload()
    : keepCurrent(onContent);
connectAct(refresh);

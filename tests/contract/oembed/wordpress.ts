/**
 * Imitates what WordPress does with the oEmbed response of an unknown provider
 * and with the iframe's messages. Written from WordPress's documentation, not
 * from its code. WordPress keeps only a quotation, links and one iframe; the
 * quotation must come first. The iframe is hidden, sandboxed and given a
 * secret. Both functions run in a browser and use nothing from this module.
 */

/**
 * @returns the HTML that WordPress would put into a post; null when it would
 * reject the response
 */
export function filteredByWordPress(html: string): string | null {
  const allowed: Record<string, string[]> = {
    a: ["href"],
    blockquote: [],
    iframe: [
      "src",
      "width",
      "height",
      "frameborder",
      "marginwidth",
      "marginheight",
      "scrolling",
      "title",
    ],
  };
  const { body } = new DOMParser().parseFromString(html, "text/html");
  for (const element of body.querySelectorAll("*")) {
    const attributes = allowed[element.localName];
    if (!attributes) element.replaceWith(...element.childNodes);
    else
      for (const { name } of [...element.attributes])
        if (!attributes.includes(name)) element.removeAttribute(name);
  }
  // The iframe must be empty, and a quotation counts only before it.
  const parts =
    /(<blockquote>.*?<\/blockquote>)?.*(<iframe[^>]*><\/iframe>)/s.exec(
      body.innerHTML,
    );
  if (!parts?.[2]) return null;
  const secret = Array.from(
    crypto.getRandomValues(new Uint8Array(10)),
    (byte) => (byte % 36).toString(36),
  ).join("");
  body.innerHTML = (parts[1] ?? "") + parts[2];
  const [quotation, frame] = [
    body.querySelector("blockquote"),
    body.querySelector("iframe") as HTMLIFrameElement,
  ];
  frame.setAttribute("src", `${frame.getAttribute("src")}#?secret=${secret}`);
  for (const element of [quotation, frame]) {
    element?.setAttribute("data-secret", secret);
    element?.setAttribute("class", "wp-embedded-content");
  }
  // With a quotation as a fallback, the iframe stays hidden until it posts its
  // height.
  if (quotation)
    frame.setAttribute("style", "position: absolute; visibility: hidden;");
  frame.setAttribute("sandbox", "allow-scripts");
  return body.innerHTML;
}

/**
 * The page's script: iframes that post their secret are shown, resized within
 * limits, and their links to their own host are followed.
 */
export function wordpressListens(): void {
  addEventListener("message", ({ data, source }) => {
    if (!data?.secret || /[^a-zA-Z0-9]/.test(data.secret)) return;
    for (const quotation of document.querySelectorAll<HTMLElement>(
      `blockquote[data-secret="${data.secret}"]`,
    ))
      quotation.style.display = "none";
    for (const frame of document.querySelectorAll<HTMLIFrameElement>(
      `iframe[data-secret="${data.secret}"]`,
    )) {
      if (source !== frame.contentWindow) continue;
      frame.removeAttribute("style");
      if (data.message === "height")
        frame.height = String(
          Math.min(1000, Math.max(200, Number.parseInt(data.value, 10))),
        );
      if (data.message === "link") {
        const target = new URL(data.value);
        const isWeb = /^https?:$/.test(target.protocol);
        if (
          isWeb &&
          target.host === new URL(frame.src).host &&
          document.activeElement === frame
        )
          location.href = target.href;
      }
    }
  });
  for (const frame of document.querySelectorAll<HTMLIFrameElement>(
    "iframe.wp-embedded-content",
  ))
    frame.contentWindow?.postMessage(
      { message: "ready", secret: frame.dataset.secret },
      "*",
    );
}

/**
 * What WordPress makes of an unknown provider's oEmbed answer, and what its page does with the frame's messages: written anew from
 * its documented behaviour, not its code. Only a quotation, links and one frame survive; the quotation must stand first; the frame is
 * hidden and sandboxed, and is given a secret. Both functions run in a browser and use nothing around them.
 */

/** @returns the HTML that WordPress would put into a post; null when it would refuse the answer */
export function filteredByWordPress(html: string): string | null {
  const allowed: Record<string, string[]> = {
    a: ["href"],
    blockquote: [],
    iframe: ["src", "width", "height", "frameborder", "marginwidth", "marginheight", "scrolling", "title"],
  };
  const { body } = new DOMParser().parseFromString(html, "text/html");
  for (const element of body.querySelectorAll("*")) {
    const attributes = allowed[element.localName];
    if (!attributes) element.replaceWith(...element.childNodes);
    else for (const { name } of [...element.attributes]) if (!attributes.includes(name)) element.removeAttribute(name);
  }
  // The frame must be empty; a quotation counts only before it.
  const parts = /(<blockquote>.*?<\/blockquote>)?.*(<iframe[^>]*><\/iframe>)/s.exec(body.innerHTML);
  if (!parts?.[2]) return null;
  const secret = Array.from(crypto.getRandomValues(new Uint8Array(10)), (byte) => (byte % 36).toString(36)).join("");
  body.innerHTML = (parts[1] ?? "") + parts[2];
  const [quotation, frame] = [body.querySelector("blockquote"), body.querySelector("iframe") as HTMLIFrameElement];
  frame.setAttribute("src", `${frame.getAttribute("src")}#?secret=${secret}`);
  for (const element of [quotation, frame]) {
    element?.setAttribute("data-secret", secret);
    element?.setAttribute("class", "wp-embedded-content");
  }
  // With a quotation to fall back on, the frame stays hidden until it speaks.
  if (quotation) frame.setAttribute("style", "position: absolute; visibility: hidden;");
  frame.setAttribute("sandbox", "allow-scripts");
  return body.innerHTML;
}

/** The script of the page: frames that speak with their secret are shown, resized within limits, and followed to their own host. */
export function wordpressListens(): void {
  addEventListener("message", ({ data, source }) => {
    if (!data?.secret || /[^a-zA-Z0-9]/.test(data.secret)) return;
    for (const quotation of document.querySelectorAll<HTMLElement>(`blockquote[data-secret="${data.secret}"]`))
      quotation.style.display = "none";
    for (const frame of document.querySelectorAll<HTMLIFrameElement>(`iframe[data-secret="${data.secret}"]`)) {
      if (source !== frame.contentWindow) continue;
      frame.removeAttribute("style");
      if (data.message === "height")
        frame.height = String(Math.min(1000, Math.max(200, Number.parseInt(data.value, 10))));
      if (data.message === "link") {
        const target = new URL(data.value);
        const isWeb = /^https?:$/.test(target.protocol);
        if (isWeb && target.host === new URL(frame.src).host && document.activeElement === frame)
          location.href = target.href;
      }
    }
  });
  for (const frame of document.querySelectorAll<HTMLIFrameElement>("iframe.wp-embedded-content"))
    frame.contentWindow?.postMessage({ message: "ready", secret: frame.dataset.secret }, "*");
}

/** The page of every state: a choice is taken at once, and each frame is as high as what it shows. */
const form = document.querySelector("form");
form?.addEventListener("change", () => {
  // The state that was looked at stays in sight.
  const address = `?${new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]))}`;
  location.assign(address + location.hash);
});

function fitHeight(frame: HTMLIFrameElement): void {
  const root = frame.contentDocument?.documentElement;
  if (!root || frame.contentDocument?.URL === "about:blank") return;
  const resize = () => {
    const box = frame.contentDocument?.body?.getBoundingClientRect() ?? root.getBoundingClientRect();
    frame.height = String(Math.ceil(box.bottom + 8));
  };
  new ResizeObserver(resize).observe(frame.contentDocument?.body ?? root);
  resize();
}

for (const frame of document.querySelectorAll("iframe")) {
  frame.addEventListener("load", () => fitHeight(frame));
  fitHeight(frame);
}

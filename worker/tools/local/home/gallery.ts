/** The gallery of states: applies a choice at once, and fits each frame to the height of its content. */
const form = document.querySelector("form");
form?.addEventListener("change", () => {
  // Keeps the current state in view.
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

/**
 * The webmasters' page needs no script. With it, what is chosen is shown at once: the server's own answer to the form takes the place
 * of what stood there, and until it has come, that is marked as old. Snippets can be copied, and the height that the case has here
 * is told.
 */
export const embedGuideScript = `(() => {
  const form = document.querySelector("#choose");
  const said = document.querySelector("#said");
  const unreached = document.querySelector("#unreached");
  const parts = ["#chosen", ".masthead nav"];
  let asked = 0;
  let waiting;

  const arm = () => {
    for (const button of document.querySelectorAll("button.copy")) button.hidden = false;
  };
  const measure = () => {
    const card = document.querySelector("#chosen case-status")?.shadowRoot?.querySelector("article");
    const whole = document.querySelector("#whole");
    if (!card || !whole) return;
    // As high as its text, whatever height its box was given.
    const copy = card.cloneNode(true);
    copy.style.cssText = "position: absolute; visibility: hidden; height: auto; max-height: none; width: " + card.offsetWidth + "px";
    card.after(copy);
    const height = copy.offsetHeight;
    copy.remove();
    whole.textContent = whole.dataset.text.replace("{height}", height).replace("{width}", card.offsetWidth);
    whole.hidden = false;
  };
  const announce = (words) => {
    said.textContent = "";
    setTimeout(() => (said.textContent = words), 50);
  };
  // What stands there is no longer what is chosen.
  const age = () => {
    asked++;
    document.querySelector("#chosen").setAttribute("aria-busy", "true");
    for (const button of document.querySelectorAll("#chosen button.copy")) button.disabled = true;
  };
  const show = async () => {
    clearTimeout(waiting);
    age();
    const turn = asked;
    const address = form.action + "?" + new URLSearchParams(new FormData(form));
    const answer = await fetch(address).then((response) => (response.ok ? response.text() : null), () => null);
    if (turn !== asked) return;
    unreached.hidden = answer !== null;
    if (answer === null) return announce(unreached.textContent);
    const page = new DOMParser().parseFromString(answer, "text/html");
    for (const fallback of page.querySelectorAll("noscript")) fallback.remove();
    const open = document.querySelector("#chosen details[open]")?.id;
    for (const part of parts)
      document.querySelector(part).replaceWith(document.adoptNode(page.querySelector(part)));
    const again = open && document.getElementById(open);
    if (again) again.open = true;
    history.replaceState(null, "", address);
    arm();
    announce(document.querySelector("#chosen").dataset.said);
  };
  form.addEventListener("input", () => {
    age();
    clearTimeout(waiting);
    waiting = setTimeout(show, 250);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });
  addEventListener("online", () => unreached.hidden || show());
  for (const type of ["ready", "change"]) addEventListener("casestatus:" + type, () => requestAnimationFrame(measure));
  addEventListener("resize", measure);

  const copy = async (code) => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      return true;
    } catch {
      // An address without TLS, or a browser that asks and was refused.
      getSelection().selectAllChildren(code);
      return document.execCommand("copy");
    }
  };
  addEventListener("click", async (event) => {
    const button = event.target.closest?.("button.copy");
    if (!button) return;
    const word = button.dataset.word ??= button.textContent;
    const done = await copy(button.parentElement.querySelector("code"));
    const words = done ? said.dataset.copied : said.dataset.failed;
    announce(words);
    if (!done) return;
    button.textContent = words;
    clearTimeout(button.timer);
    button.timer = setTimeout(() => (button.textContent = word), 2000);
  });
  arm();
})();`;

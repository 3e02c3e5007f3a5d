/** Draws a bot's message: its text with Telegram's formatting, and its buttons. */
import type { Browser } from "playwright-core";
import type { ChatMessage } from "../stand-in-process.ts";

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

const tags: Record<string, string> = { bold: "b", italic: "i", text_link: "u", url: "u", pre: "code", code: "code" };

function marked({ text, entities }: ChatMessage): string {
  const edges = entities.flatMap(({ type, offset, length }) => {
    const tag = tags[type];
    return tag ? ([[offset, `<${tag}>`] as const, [offset + length, `</${tag}>`] as const] as const) : [];
  });
  let html = "";
  let at = 0;
  for (const [offset, tag] of edges.toSorted(([a, x], [b, y]) => a - b || y.length - x.length)) {
    html += escaped(text.slice(at, offset)) + tag;
    at = offset;
  }
  return html + escaped(text.slice(at));
}

export async function drawMessage(browser: Browser, said: string, message: ChatMessage, path: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 440, height: 40 } });
  const rows = message.keyboard.map(
    (row) => `<div class="row">${row.map(({ text }) => `<span>${escaped(text)}</span>`).join("")}</div>`,
  );
  await page.setContent(`<!doctype html><meta charset="utf-8"><style>
    body { margin: 0; padding: 14px; background: #d9e4ea; font: 15px/1.4 system-ui, "Noto Sans", "Noto Naskh Arabic", sans-serif; }
    p { margin: 0 0 8px; padding: 8px 12px; background: #fff; white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext; }
    .me { width: fit-content; margin-inline-start: auto; background: #e3f6d5; }
    .row { display: flex; gap: 4px; margin-top: 4px; } .row span { flex: 1; padding: 7px; background: #b9cdd8; text-align: center; }
  </style><p class="me">${escaped(said)}</p><p>${marked(message)}</p>${rows.join("")}`);
  await page.screenshot({ path, fullPage: true });
  await page.close();
}

/** The Worker beside the simplest ways to send the same bytes, in one isolate, with a Ledger that fills itself. */
import { Hono } from "hono";
import { answerRequest } from "../../worker/web/app.ts";
import { Ledger as FillingLedger } from "./filling-ledger.ts";

export { Channel } from "../../worker/objects/channel/channel.ts";
export { Dispatcher } from "../../worker/objects/dispatcher/dispatcher.ts";
export { Webhooks } from "../../worker/objects/webhooks/webhooks.ts";

interface Sent {
  body: string;
  headers: [string, string][];
}

export class Ledger extends FillingLedger {
  keepBody(body: string): void {
    this.ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS bench_body (body TEXT)");
    this.ctx.storage.sql.exec("DELETE FROM bench_body");
    this.ctx.storage.sql.exec("INSERT INTO bench_body VALUES (?)", body);
  }

  readBody(): string {
    return this.ctx.storage.sql.exec<{ body: string }>("SELECT body FROM bench_body").one().body;
  }
}

const ledgerOf = (env: Env) =>
  env.LEDGER.getByName("ledger") as unknown as {
    [M in "keepBody" | "readBody" | "fillFrom"]: (...given: Parameters<Ledger[M]>) => Promise<ReturnType<Ledger[M]>>;
  };

/** The answer that the baselines give. */
let bytes = new Uint8Array(new ArrayBuffer(0));
let headers: Record<string, string> = {};
let kept = new Headers();

const app = new Hono<{ Bindings: Env }>();
app.get("/baseline/hono/:id", (c) => c.body(bytes, 200, headers));
app.get("/baseline/object/:id", async (c) => c.body(await ledgerOf(c.env).readBody(), 200, headers));
app.put("/baseline/answer", async (c) => {
  const sent = await c.req.json<Sent>();
  bytes = new Uint8Array(new TextEncoder().encode(sent.body));
  headers = Object.fromEntries(sent.headers);
  kept = new Headers(headers);
  await ledgerOf(c.env).keepBody(sent.body);
  return c.text("kept");
});
app.post("/baseline/fill", async (c) => {
  await ledgerOf(c.env).fillFrom(await c.req.json());
  return c.text("filled");
});

export default {
  fetch(request, env, context) {
    const { url } = request;
    if (url.includes("/baseline/constant")) return new Response(bytes, { headers: kept });
    return url.includes("/baseline/") ? app.fetch(request, env, context) : answerRequest(request, env, context);
  },
} satisfies ExportedHandler<Env>;

/** Baselines for the leased read: the simplest ways to send the same bytes and headers. */
import { DurableObject } from "cloudflare:workers";
import { Hono } from "hono";

interface Answer {
  body: string;
  headers: [string, string][];
}

interface Env {
  /** The Worker's response, as JSON. */
  ANSWER: string;
  STORE: KVNamespace;
  OBJECT: DurableObjectNamespace<Stored>;
  BROADCAST: DurableObjectNamespace<Broadcast>;
}

/** Reads the record from SQLite on each request. */
export class Stored extends DurableObject<Env> {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS record (body TEXT)");
    ctx.storage.sql.exec("DELETE FROM record");
    ctx.storage.sql.exec("INSERT INTO record VALUES (?)", (JSON.parse(env.ANSWER) as Answer).body);
  }

  read(): string {
    return this.ctx.storage.sql.exec<{ body: string }>("SELECT body FROM record").one().body;
  }
}

/** Sends each body that it gets to every socket. */
export class Broadcast extends DurableObject<Env> {
  override async fetch(request: Request): Promise<Response> {
    if (request.method === "POST") {
      const message = await request.text();
      for (const socket of this.ctx.getWebSockets()) socket.send(message);
      return new Response(null, { status: 204 });
    }
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
}

let kept: (Answer & { bytes: Uint8Array<ArrayBuffer> }) | null = null;

function answerOf(env: Env) {
  if (!kept) {
    const answer = JSON.parse(env.ANSWER) as Answer;
    kept = { ...answer, bytes: new Uint8Array(new TextEncoder().encode(answer.body)) };
  }
  return kept;
}

const app = new Hono<{ Bindings: Env }>();
app.get("/hono/:id", (c) => {
  const { bytes, headers } = answerOf(c.env);
  return c.body(bytes, 200, Object.fromEntries(headers));
});
app.get("/object/:id", async (c) => {
  const body = await c.env.OBJECT.getByName("record").read();
  return c.body(body, 200, Object.fromEntries(answerOf(c.env).headers));
});
app.all("/broadcast", (c) => c.env.BROADCAST.getByName("broadcast").fetch(c.req.raw));
app.get("/kv/:id", async (c) => {
  const body = (await c.env.STORE.get("record")) ?? "";
  return c.body(body, 200, Object.fromEntries(answerOf(c.env).headers));
});
app.get("/fill", async (c) => {
  await c.env.STORE.put("record", answerOf(c.env).body);
  return c.text("filled");
});

export default {
  fetch(request, env, ctx) {
    if (!request.url.includes("/constant")) return app.fetch(request, env, ctx);
    const { bytes, headers } = answerOf(env);
    return new Response(bytes, { headers });
  },
} satisfies ExportedHandler<Env>;

/** The baseline of a push: a bare Durable Object that sends each body that it gets to every socket. Prints `url: ...`. */
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";

const code = `
import { DurableObject } from "cloudflare:workers";

export class Broadcast extends DurableObject {
  async fetch(request) {
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

export default { fetch: (request, env) => env.BROADCAST.getByName("broadcast").fetch(request) };
`;

const miniflare = new Miniflare(
  convertV4MiniflareOptions({
    host: "127.0.0.1",
    port: 0,
    cf: false,
    log: new Log(LogLevel.WARN),
    workers: [
      {
        name: "broadcast",
        compatibilityDate: "2026-11-01",
        modules: [{ type: "ESModule", path: "worker.js", contents: code }],
        durableObjects: { BROADCAST: { className: "Broadcast", useSQLite: true } },
        unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
      },
    ],
  } as Parameters<typeof convertV4MiniflareOptions>[0]),
);
await miniflare.ready;
console.log(`url: http://localhost:${(await miniflare.unsafeGetDirectURL()).port}`);

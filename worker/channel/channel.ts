import { DurableObject } from "cloudflare:workers";
import { type LocaleTag, localeTags, negotiate } from "../../shared/locale.ts";
import type { Env } from "../bindings.ts";
import { readsFor } from "../reads/reads.ts";
import { type CaseState, viewOf } from "../reads/state.ts";

/** What a socket remembers through hibernation; the number of the revision its client has, 0 for none. */
interface Attachment {
  revision: number;
}

/** Close code of RFC 6455: come back later. */
const CLOSE_TRY_AGAIN_LATER = 1013;

const numberOf = (state: CaseState): number =>
  state.state === "present" ? state.record.revision.number : state.state === "withdrawn" ? state.revision.number : 0;

/**
 * The sockets of one case, and nothing else: whatever a socket is told comes from the Ledger. Each socket is tagged with its
 * language.
 */
export class Channel extends DurableObject<Env> {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    // Answered by the runtime without waking the object: clients find out that a silent line is dead.
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }

  /**
   * An upgrade only; the route has checked the query and that the case is there. The socket is registered before the head is
   * read, so a revision that goes live in between is pushed, and one that went live before is read.
   */
  override async fetch(request: Request): Promise<Response> {
    const query = new URL(request.url).searchParams;
    const id = query.get("case") ?? "";
    const locale = negotiate(query.get("lang"));
    const revision = Number(query.get("revision"));
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server, [locale]);
    server.serializeAttachment({ revision } satisfies Attachment);
    try {
      const state = await readsFor(this.env).case(id);
      const pushed = (server.deserializeAttachment() as Attachment).revision !== revision;
      if (!pushed) sendView([server], id, state, locale);
    } catch (error) {
      console.error(`head of ${id} for a new socket`, error);
      server.close(CLOSE_TRY_AGAIN_LATER, "try again later");
    }
    return new Response(null, { status: 101, webSocket: client });
  }

  /**
   * Called by the Ledger at the moment, with the state it sees then. At least once: a socket that has the revision already is
   * left alone.
   */
  async push(id: string, state: CaseState): Promise<void> {
    for (const locale of localeTags) sendView(this.ctx.getWebSockets(locale), id, state, locale);
  }

  /** Clients say nothing but "ping", which never arrives here. */
  override webSocketMessage(): void {}

  // Completes the handshake, which the hibernation API leaves to the object.
  override webSocketClose(socket: WebSocket): void {
    socket.close(1000);
  }

  override webSocketError(socket: WebSocket): void {
    socket.close(1011);
  }
}

/** Sends the finished view, put in words and serialized once, to each socket whose client has another revision. */
function sendView(sockets: WebSocket[], id: string, state: CaseState, locale: LocaleTag): void {
  const revision = numberOf(state);
  let message: string | undefined;
  for (const socket of sockets) {
    if ((socket.deserializeAttachment() as Attachment).revision === revision) continue;
    message ??= JSON.stringify(viewOf(id, state, locale, Date.now()));
    try {
      socket.send(message);
      socket.serializeAttachment({ revision } satisfies Attachment);
    } catch {
      // It is closing; its client comes back and catches up.
    }
  }
}

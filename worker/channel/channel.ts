import { DurableObject } from "cloudflare:workers";
import { type LocaleTag, localeTags, negotiate } from "../../shared/locale.ts";
import type { Profile } from "../../shared/profile/schema.ts";
import type { Env } from "../bindings.ts";
import { log } from "../log.ts";
import { profileOf } from "../profiles/profiles.ts";
import { readsFor } from "../reads/reads.ts";
import { type CaseState, headOf, viewOf } from "../reads/state.ts";
import { socketsPerAddressOf } from "../settings.ts";

/** State of a socket that survives hibernation. */
interface Attachment {
  /** The number of the revision that the client has; 0 for none. */
  revision: number;
}

/** Close codes of RFC 6455 and the IANA registry. */
const CLOSE_UNSUPPORTED_DATA = 1003;
const CLOSE_POLICY_VIOLATION = 1008;
const CLOSE_MESSAGE_TOO_BIG = 1009;
const CLOSE_TRY_AGAIN_LATER = 1013;

/** A client sends only "ping". */
const MAX_MESSAGE_BYTES = 4;

const numberOf = (state: CaseState): number => (state.state === "absent" ? 0 : headOf(state).number);

/**
 * Holds WebSockets of one case and no other state: everything it sends comes from the Ledger. Each socket is tagged with its language
 * and with the hash of its client's address, which the runtime keeps as long as the socket is open.
 */
export class Channel extends DurableObject<Env> {
  readonly #profile: Profile;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#profile = profileOf(env);
    // Clients ping to detect a dead connection. The runtime answers without waking the object.
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }

  /**
   * Accepts a WebSocket upgrade, or answers 429 when the client has too many sockets. The route has checked the query and that the case exists. The socket is registered before the head
   * is read: a revision that goes live in between is pushed, and one that went live before is in the head.
   */
  override async fetch(request: Request): Promise<Response> {
    const query = new URL(request.url).searchParams;
    const id = query.get("case") ?? "";
    const locale = negotiate(query.get("lang"), this.#profile);
    const revision = Number(query.get("revision"));
    const clientTag = `client ${query.get("client")}`;
    if (this.ctx.getWebSockets(clientTag).length >= socketsPerAddressOf(this.env))
      return new Response(null, { status: 429 });
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server, [locale, clientTag]);
    server.serializeAttachment({ revision } satisfies Attachment);
    try {
      const state = await readsFor(this.env).case(id);
      const pushed = (server.deserializeAttachment() as Attachment).revision !== revision;
      if (!pushed) sendView([server], id, state, locale, this.#profile);
    } catch (error) {
      log.error(`Channel: reading the head of ${id} for a new socket failed`, error, { case: id });
      server.close(CLOSE_TRY_AGAIN_LATER, "try again later");
    }
    return new Response(null, { status: 101, webSocket: client });
  }

  /**
   * Called by the Ledger at a moment, at least once, with the state at that time. Skips sockets whose client has the revision
   * already.
   * @returns the number of open sockets
   */
  async push(id: string, state: CaseState): Promise<number> {
    for (const locale of localeTags) sendView(this.ctx.getWebSockets(locale), id, state, locale, this.#profile);
    return this.ctx.getWebSockets().length;
  }

  /** The runtime answers "ping" itself, so any other message ends the socket. */
  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    // Messages that arrived before the client noticed.
    if (socket.readyState !== WebSocket.OPEN) return;
    const isText = typeof message === "string";
    if ((isText ? message.length : message.byteLength) > MAX_MESSAGE_BYTES)
      socket.close(CLOSE_MESSAGE_TOO_BIG, 'send only "ping"');
    else socket.close(isText ? CLOSE_POLICY_VIOLATION : CLOSE_UNSUPPORTED_DATA, 'send only "ping"');
  }

  // The hibernation API leaves the closing handshake to the object.
  override webSocketClose(socket: WebSocket): void {
    socket.close(1000);
  }

  override webSocketError(socket: WebSocket): void {
    socket.close(1011);
  }
}

/** Sends the view to each socket whose client has another revision. Builds and serializes it at most once. */
function sendView(sockets: WebSocket[], id: string, state: CaseState, locale: LocaleTag, profile: Profile): void {
  const revision = numberOf(state);
  let message: string | undefined;
  for (const socket of sockets) {
    if ((socket.deserializeAttachment() as Attachment).revision === revision) continue;
    message ??= JSON.stringify(viewOf(id, state, locale, Date.now(), profile));
    try {
      socket.send(message);
      socket.serializeAttachment({ revision } satisfies Attachment);
    } catch {
      // The socket is closing. Its client reconnects and gets the newest revision.
    }
  }
}

import { DurableObject } from "cloudflare:workers";
import {
  type LocaleTag,
  localeTags,
  negotiate,
} from "../../../shared/locale.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import {
  MIN_REVISION_CODE,
  revisionCode,
} from "../../../shared/revision-code.ts";
import { readsFor } from "../../reads/reads.ts";
import { type CaseState, headOf, viewOf } from "../../reads/state.ts";
import { channelNamed, ledgerFor } from "../../runtime/bindings.ts";
import { log } from "../../runtime/log.ts";
import { profileOf } from "../../runtime/profiles/profiles.ts";
import { socketsPerAddressOf } from "../../runtime/settings.ts";
import { RENEWAL_INTERVAL_MS, RENEWAL_RETRY_MS } from "./lease.ts";

/** Close codes of RFC 6455 and the IANA registry. */
const CLOSE_POLICY_VIOLATION = 1008;
const CLOSE_TRY_AGAIN_LATER = 1013;

/**
 * The revision that a socket's client has: its code, or the number that the
 * client gave; 0 for none. Survives hibernation.
 */
const knownBy = (socket: WebSocket) => socket.deserializeAttachment() as number;
const noteKnown = (socket: WebSocket, revision: number) =>
  socket.serializeAttachment(revision);

/** The head's code, and its number for clients that only said that. */
function headIn(state: CaseState): { number: number; code: number } {
  if (state.state === "absent") return { number: 0, code: 0 };
  const { number, liveAt } = headOf(state);
  return { number, code: revisionCode(liveAt) };
}

declare global {
  interface ChannelPort extends Channel {}
}

/**
 * Holds WebSockets of one case and no other state but an alarm: everything it
 * sends comes from the Ledger. Each socket is tagged with its language and with
 * the hash of its client's address, which the runtime keeps as long as the
 * socket is open.
 */
export class Channel extends DurableObject<Env> {
  readonly #profile: Profile;
  readonly #id: string;
  readonly #shard: number;
  #registering: Promise<void> | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#profile = profileOf(env);
    ({ id: this.#id, shard: this.#shard } = channelNamed(ctx.id.name));
    // Clients ping to detect a dead connection. The runtime answers without
    // waking the object.
    ctx.setWebSocketAutoResponse(
      new WebSocketRequestResponsePair("ping", "pong"),
    );
  }

  /**
   * Accepts a WebSocket upgrade, or answers 429 when the client has too many
   * sockets. The route has checked the query and that the case exists. The
   * socket is accepted, and the Ledger knows that there is one, before the head
   * is read: a revision that goes live in between is pushed, and one that went
   * live before is in the head.
   */
  override async fetch(request: Request): Promise<Response> {
    const query = new URL(request.url).searchParams;
    const id = this.#id;
    const locale = negotiate(query.get("lang"), this.#profile);
    const known = Number(query.get("revision"));
    const clientTag = `client ${query.get("client")}`;
    if (
      this.ctx.getWebSockets(clientTag).length >= socketsPerAddressOf(this.env)
    )
      return new Response(null, { status: 429 });
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server, [locale, clientTag]);
    noteKnown(server, known);
    try {
      await this.#ensureRegistered();
      const state = await readsFor(this.env).case(id);
      const wasPushed = knownBy(server) !== known;
      if (!wasPushed) {
        sendView([server], id, state, locale, this.#profile);
        // A client that gave the head's number is taken to have that revision.
        noteKnown(server, headIn(state).code);
      }
    } catch (error) {
      log.error(
        `Channel: registering a new socket of ${id}, or reading the head for it, failed`,
        error,
        { case: id },
      );
      server.close(CLOSE_TRY_AGAIN_LATER, "try again later");
    }
    return new Response(null, { status: 101, webSocket: client });
  }

  /**
   * A registration has an alarm, by which it is renewed: also one from before
   * this object slept. Sockets that open meanwhile share it.
   */
  async #ensureRegistered(): Promise<void> {
    if ((await this.ctx.storage.getAlarm()) !== null) return;
    this.#registering ??= ledgerFor(this.env)
      .registrations.register(this.#id, this.#shard)
      .then(() => this.ctx.storage.setAlarm(Date.now() + RENEWAL_INTERVAL_MS))
      .finally(() => {
        this.#registering = null;
      });
    await this.#registering;
  }

  /** Renews the registration. Without sockets, lets it run out. */
  override async alarm(): Promise<void> {
    if (this.ctx.getWebSockets().length === 0) return;
    try {
      await this.#ensureRegistered();
    } catch (error) {
      log.error(
        `Channel: renewing the registration of ${this.#id} failed`,
        error,
        { case: this.#id },
      );
      await this.ctx.storage.setAlarm(Date.now() + RENEWAL_RETRY_MS);
    }
  }

  /**
   * Called by the Ledger at a moment, at least once, with the state at that
   * time. Skips sockets whose client has the revision already.
   * @returns the number of open sockets
   */
  push(id: string, state: CaseState): number {
    for (const locale of localeTags)
      sendView(
        this.ctx.getWebSockets(locale),
        id,
        state,
        locale,
        this.#profile,
      );
    return this.ctx.getWebSockets().length;
  }

  /**
   * The runtime answers "ping" itself, so any other message ends the socket.
   */
  override webSocketMessage(socket: WebSocket): void {
    // More may have arrived before the client noticed.
    if (socket.readyState === WebSocket.OPEN)
      socket.close(CLOSE_POLICY_VIOLATION, 'send only "ping"');
  }

  // The hibernation API leaves the closing handshake to the object.
  override webSocketClose(socket: WebSocket): void {
    socket.close(1000);
  }

  override webSocketError(socket: WebSocket): void {
    socket.close(1011);
  }
}

/**
 * Sends the view to each socket whose client has another revision. Builds and
 * serializes it at most once.
 */
function sendView(
  sockets: WebSocket[],
  id: string,
  state: CaseState,
  locale: LocaleTag,
  profile: Profile,
): void {
  const { number, code } = headIn(state);
  let message: string | undefined;
  for (const socket of sockets) {
    const known = knownBy(socket);
    if (known === (known < MIN_REVISION_CODE ? number : code)) continue;
    message ??= JSON.stringify(viewOf(id, state, locale, Date.now(), profile));
    try {
      socket.send(message);
      noteKnown(socket, code);
    } catch {
      // The socket is closing. Its client reconnects and gets the newest
      // revision.
    }
  }
}

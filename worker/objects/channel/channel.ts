import { DurableObject } from "cloudflare:workers";
import { type LocaleTag, localeTags, negotiate } from "../../../shared/locale.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import { MIN_REVISION_CODE, revisionCode } from "../../../shared/revision-code.ts";
import { readsFor } from "../../reads/reads.ts";
import { type CaseState, headOf, viewOf } from "../../reads/state.ts";
import { caseIn, ledgerFor, shardIn } from "../../runtime/bindings.ts";
import { log } from "../../runtime/log.ts";
import { profileOf } from "../../runtime/profiles/profiles.ts";
import { socketsPerAddressOf } from "../../runtime/settings.ts";
import { Registration } from "./registration.ts";

/** The revision that a client has. */
interface Known {
  /** Its number; 0 for none, and when the client has only said its code. */
  revision: number;
  /** Its code. Absent when the client, or code before January 2027, has only said the number. */
  code?: number;
}

/** State of a socket that survives hibernation. */
interface Attachment extends Known {
  /** True once the Ledger knew of a socket. Absent in attachments of code before January 2027, whose Channels register nothing. */
  isRegistered?: boolean;
}

/** Close codes of RFC 6455 and the IANA registry. */
const CLOSE_UNSUPPORTED_DATA = 1003;
const CLOSE_POLICY_VIOLATION = 1008;
const CLOSE_MESSAGE_TOO_BIG = 1009;
const CLOSE_TRY_AGAIN_LATER = 1013;

/** A client sends only "ping". */
const MAX_MESSAGE_BYTES = 4;

const attachmentOf = (socket: WebSocket) => socket.deserializeAttachment() as Attachment;

/** How long after a socket has closed a Channel looks whether any is left: so long, up to twice as long, so that not all do so at once. */
const MIN_GRACE_MS = 600_000;

/** @param given a number, or a code */
const knownOf = (given: number): Known =>
  given < MIN_REVISION_CODE ? { revision: given } : { revision: 0, code: given };

function headIn(state: CaseState): Required<Known> {
  if (state.state === "absent") return { revision: 0, code: 0 };
  const { number, liveAt } = headOf(state);
  return { revision: number, code: revisionCode(liveAt) };
}

const isSame = (known: Known, head: Required<Known>): boolean =>
  known.code === undefined ? known.revision === head.revision : known.code === head.code;

declare global {
  interface ChannelPort extends Channel {}
}

/**
 * Holds WebSockets of one case and no other state but an alarm: everything it sends comes from the Ledger. Each socket is tagged with its language
 * and with the hash of its client's address, which the runtime keeps as long as the socket is open.
 */
export class Channel extends DurableObject<Env> {
  readonly #profile: Profile;
  /** The case whose sockets these are. */
  #id = "";
  #isAlarmSet = false;
  readonly #registration = new Registration(
    () => this.#register(),
    () => this.ctx.getWebSockets().some((socket) => attachmentOf(socket).isRegistered),
  );

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#profile = profileOf(env);
    // Clients ping to detect a dead connection. The runtime answers without waking the object.
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }

  /**
   * Accepts a WebSocket upgrade, or answers 429 when the client has too many sockets. The route has checked the query and that the case exists. The socket is accepted,
   * and the Ledger knows that there is one, before the head is read: a revision that goes live in between is pushed, and one that went
   * live before is in the head.
   */
  override async fetch(request: Request): Promise<Response> {
    const query = new URL(request.url).searchParams;
    const id = query.get("case") ?? "";
    const locale = negotiate(query.get("lang"), this.#profile);
    const known = knownOf(Number(query.get("revision")));
    const clientTag = `client ${query.get("client")}`;
    if (this.ctx.getWebSockets(clientTag).length >= socketsPerAddressOf(this.env))
      return new Response(null, { status: 429 });
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server, [locale, clientTag]);
    server.serializeAttachment(known satisfies Attachment);
    this.#id = id;
    try {
      await this.#registration.ensure();
      server.serializeAttachment({ ...attachmentOf(server), isRegistered: true } satisfies Attachment);
      const state = await readsFor(this.env).case(id);
      const { revision, code } = attachmentOf(server);
      const pushed = revision !== known.revision || code !== known.code;
      if (!pushed) {
        sendView([server], id, state, locale, this.#profile);
        // A client that gave the head's number is taken to have that revision.
        server.serializeAttachment({ ...attachmentOf(server), ...headIn(state) } satisfies Attachment);
      }
    } catch (error) {
      log.error(`Channel: registering a new socket of ${id}, or reading the head for it, failed`, error, { case: id });
      server.close(CLOSE_TRY_AGAIN_LATER, "try again later");
    }
    return new Response(null, { status: 101, webSocket: client });
  }

  async #register(): Promise<void> {
    // A Channel that doesn't know its name never says that it is empty, so it is always told.
    if (this.ctx.id.name === undefined) return;
    await ledgerFor(this.env).registerChannel(this.#id, shardIn(this.ctx.id.name));
  }

  /**
   * Called by the Ledger at a moment, at least once, with the state at that time. Skips sockets whose client has the revision
   * already.
   * @returns what `countSockets` does
   */
  async push(id: string, state: CaseState): Promise<number | null> {
    for (const locale of localeTags) sendView(this.ctx.getWebSockets(locale), id, state, locale, this.#profile);
    return this.countSockets();
  }

  /** @returns the number of open sockets; null when there are none and the next one will be registered */
  countSockets(): number | null {
    const { length } = this.ctx.getWebSockets();
    if (length > 0 || this.ctx.id.name === undefined) return length;
    this.#registration.end();
    return null;
  }

  /** Sets the alarm, unless it is set: however many sockets come and go, the Ledger hears of it once in a while. */
  async #noteClosed(): Promise<void> {
    if (this.#isAlarmSet) return;
    this.#isAlarmSet = true;
    const { storage } = this.ctx;
    try {
      if ((await storage.getAlarm()) === null) await storage.setAlarm(Date.now() + MIN_GRACE_MS * (1 + Math.random()));
    } catch (error) {
      // The next one that closes tries again.
      this.#isAlarmSet = false;
      throw error;
    }
  }

  /** Tells the Ledger when no socket is left. Otherwise this Channel would be told before others at a moment, and woken for nothing. */
  override async alarm(): Promise<void> {
    this.#isAlarmSet = false;
    const { name } = this.ctx.id;
    if (name === undefined || this.ctx.getWebSockets().length > 0) return;
    const id = caseIn(name);
    try {
      await ledgerFor(this.env).checkChannel(id, shardIn(name));
    } catch (error) {
      log.error(`Channel: telling the Ledger that ${id} has no sockets failed`, error, { case: id });
      await this.#noteClosed();
    }
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
  override webSocketClose(socket: WebSocket): Promise<void> {
    socket.close(1000);
    return this.#noteClosed();
  }

  override webSocketError(socket: WebSocket): Promise<void> {
    socket.close(1011);
    return this.#noteClosed();
  }
}

/** Sends the view to each socket whose client has another revision. Builds and serializes it at most once. */
function sendView(sockets: WebSocket[], id: string, state: CaseState, locale: LocaleTag, profile: Profile): void {
  const head = headIn(state);
  let message: string | undefined;
  for (const socket of sockets) {
    const attachment = attachmentOf(socket);
    if (isSame(attachment, head)) continue;
    message ??= JSON.stringify(viewOf(id, state, locale, Date.now(), profile));
    try {
      socket.send(message);
      socket.serializeAttachment({ ...attachment, ...head } satisfies Attachment);
    } catch {
      // The socket is closing. Its client reconnects and gets the newest revision.
    }
  }
}

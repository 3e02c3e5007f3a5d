/**
 * A push service on this machine (RFC 8030), with devices that decrypt what
 * they get: for a run on one machine, and for tests. It refuses what the real
 * ones refuse.
 */
import {
  createECDH,
  createPublicKey,
  type ECDH,
  randomBytes,
  verify,
} from "node:crypto";
import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { decrypt } from "http_ece";
import type { PushMessage } from "../../../shared/push-message.ts";

const MAX_BODY_BYTES = 4_096;
const MAX_TOKEN_S = 86_400;

export interface ReceivedPush {
  device: number;
  at: number;
  topic: string;
  ttlS: number;
  urgency: string;
  bytes: number;
  text: string;
  message: PushMessage;
}

/**
 * What a test makes the service do with a message: answer so, or accept it and
 * break the connection.
 */
export type PushTrouble = { status: number; retryAfterS?: number } | "lost";

export interface PushService {
  url: string;
  /** A new device's subscription, as a browser gives it. */
  subscribe(): { endpoint: string; p256dh: string; auth: string };
  received: ReceivedPush[];
  close(): Promise<void>;
}

interface ServiceOptions {
  port?: number;
  trouble?(device: number): PushTrouble | null;
  onReceived?(push: ReceivedPush): void;
  /** How long an answer takes. */
  delayMs?: number;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Why a token (RFC 8292) is refused; null for a good one. */
function tokenFault(header: string, origin: string): string | null {
  const [, token = "", key = ""] =
    /^vapid t=([^,]+), k=(\S+)$/.exec(header) ?? [];
  const [head = "", claims = "", signature = ""] = token.split(".");
  const point = Buffer.from(key, "base64url");
  if (point.length !== 65) return "no key";
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) =>
    half.toString("base64url"),
  );
  const publicKey = createPublicKey({
    key: { kty: "EC", crv: "P-256", x: x!, y: y! },
    format: "jwk",
  });
  const signed = Buffer.from(`${head}.${claims}`);
  const ieee = { key: publicKey, dsaEncoding: "ieee-p1363" } as const;
  if (!verify("sha256", signed, ieee, Buffer.from(signature, "base64url")))
    return "not signed by the key";
  const { aud, exp, sub } = JSON.parse(
    Buffer.from(claims, "base64url").toString(),
  );
  const now = Date.now() / 1_000;
  // RFC 8030 knows HTTPS only.
  if (aud !== origin.replace(/^http:/, "https:")) return `for ${aud}`;
  if (!(exp > now && exp <= now + MAX_TOKEN_S)) return "too long or over";
  return /^(mailto:|https:\/\/)/.test(sub) && !/localhost/.test(sub)
    ? null
    : "no contact";
}

export async function startPushService(
  options: ServiceOptions = {},
): Promise<PushService> {
  const devices: {
    ecdh: ECDH;
    auth: string;
    name: string;
    key?: string | undefined;
  }[] = [];
  const byName = new Map<string, number>();
  const received: ReceivedPush[] = [];
  let url = "";

  async function accept(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const refuse = (status: number, headers = {}) =>
      response.writeHead(status, headers).end();
    const body = await bodyOf(request);
    const device = byName.get(request.url ?? "");
    const {
      authorization = "",
      ttl,
      topic,
      urgency = "normal",
    } = request.headers as Record<string, string>;
    if (request.method !== "POST" || device === undefined)
      return void refuse(404);
    const { ecdh, auth } = devices[device]!;
    const [key] = /k=\S+$/.exec(authorization) ?? [];
    // As of a subscription, which is bound to one key.
    devices[device]!.key ??= key;
    if (tokenFault(authorization, url) !== null || devices[device]!.key !== key)
      return void refuse(403);
    if (
      !ttl ||
      (topic && !/^[\w-]{1,32}$/.test(topic)) ||
      request.headers["content-encoding"] !== "aes128gcm"
    )
      return void refuse(400);
    if (body.length > MAX_BODY_BYTES) return void refuse(413);
    const trouble = options.trouble?.(device) ?? null;
    if (trouble !== null && trouble !== "lost") {
      const { status, retryAfterS } = trouble;
      return void refuse(
        status,
        retryAfterS === undefined ? {} : { "Retry-After": String(retryAfterS) },
      );
    }
    if (options.delayMs)
      await new Promise((resolve) => setTimeout(resolve, options.delayMs));
    const text = decrypt(body, {
      version: "aes128gcm",
      privateKey: ecdh,
      authSecret: auth,
    }).toString();
    const push = {
      device,
      at: Date.now(),
      topic: topic ?? "",
      ttlS: Number(ttl),
      urgency,
      bytes: body.length,
      text,
    };
    received.push({ ...push, message: JSON.parse(text) });
    options.onReceived?.(received.at(-1)!);
    if (trouble === "lost") request.socket.destroy();
    else
      response
        .writeHead(201, { Location: `${url}/message/${received.length}` })
        .end();
  }

  const server = createServer((request, response) => {
    accept(request, response).catch(() => response.writeHead(400).end());
  });
  await new Promise<void>((resolve) =>
    server.listen(options.port ?? 0, "127.0.0.1", resolve),
  );
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    received,
    subscribe() {
      const ecdh = createECDH("prime256v1");
      const p256dh = ecdh.generateKeys().toString("base64url");
      const auth = randomBytes(16).toString("base64url");
      const name = `/device/${randomBytes(24).toString("base64url")}`;
      byName.set(name, devices.push({ ecdh, auth, name }) - 1);
      return { endpoint: url + name, p256dh, auth };
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * The target of the attacks: a Worker with review and on-disk storage,
 * Telegram, a browser, and a partner's page on another origin.
 */
import { once } from "node:events";
import { connect } from "node:net";
import type { Browser } from "playwright-core";
import type { Case } from "../../../shared/case/schema.ts";
import { clientOf } from "../../../worker/editing/contract/client.ts";
import type {
  Proposed,
  PublishedRevision,
} from "../../../worker/editing/rules/desk.ts";
import { closePages, sharedBrowser } from "../../support/browser.ts";
import { publishConfirmed } from "../../support/confirming.ts";
import { png } from "../../support/drawn-pictures.ts";
import { startWorker, type TestWorker } from "../../support/harness.ts";
import { inventedCase } from "../../support/invented.ts";
import { type PartnerSite, partnerSite } from "../../support/partner-site.ts";
import {
  freePort,
  type StandInProcess,
  spawnStandIn,
} from "../../support/stand-in-process.ts";
import { placesOf } from "../../support/stored-files.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { hostileCase } from "./hostile.ts";

export let worker: TestWorker;
export let telegram: StandInProcess;
export let browser: Browser;
export let partner: PartnerSite;
export const hostile = hostileCase();
const markup = hostile.note.en as string;
/** Token of the editor who approves. */
const secondToken = "the-token-of-the-second-editor";

const state = temporaryFolder();

export async function open(): Promise<void> {
  const port = await freePort();
  [worker, browser] = await Promise.all([
    startWorker({
      port,
      persistTo: state,
      editors: { second: secondToken },
      env: { PUBLIC_URL: `http://localhost:${port}`, REVIEW: "two" },
    }),
    sharedBrowser(),
  ]);
  telegram = await spawnStandIn(worker);
  partner = await partnerSite();
  await publish(inventedCase(60), 0);
  await worker.editor.addPortrait({
    id: hostile.case.id,
    body: {
      person: hostile.case.people[0]!.id,
      image: Buffer.from(png(61)).toString("base64"),
      consent: { givenBy: markup, givenOn: "2026-01-02", note: markup },
    },
  });
  await publish(hostile.case, 0);
  // A second revision, so that there is a history and a change.
  const second = structuredClone(hostile.case);
  second.people[0]!.custody!.value = "released";
  await worker.untilLive(await publish(second, 1));
}

/** @param basedOn 0 for a new case @returns the proposal's id */
export async function propose(
  fields: Case,
  basedOn: number,
  more: object = {},
): Promise<string> {
  const answer = await publishConfirmed(worker.editor, {
    id: fields.id,
    body: {
      case: fields,
      note: hostile.note,
      kind: "update",
      notify: "none",
      ...more,
    },
    basedOn,
  });
  return (answer as Proposed).proposal;
}

async function publish(
  fields: Case,
  basedOn: number,
  more: object = {},
): Promise<PublishedRevision> {
  const id = await propose(fields, basedOn, more);
  const second = clientOf({ origin: worker.url, token: secondToken });
  const { hash } = await second.readProposal({ id });
  return second.approveProposal({ id, basedOn: hash, body: { answers: [] } });
}

export async function close(): Promise<void> {
  partner?.close();
  await Promise.all([closePages(browser), telegram?.close(), worker?.close()]);
}

/** Returns whether the storage contains these bytes. */
export async function isStored(text: string): Promise<boolean> {
  return (await placesOf(text, state)).length > 0;
}

export interface Raw {
  status: number;
  /** Lower-case names. */
  headers: [name: string, value: string][];
  body: string;
}

/** Opens a raw TCP connection to the Worker, without an HTTP client library. */
export function wire() {
  const { hostname, port } = new URL(worker.url);
  const socket = connect(Number(port), hostname);
  let received = "";
  socket.setEncoding("latin1").on("data", (chunk) => {
    received += chunk;
  });
  socket.on("error", () => {});
  return { socket, received: () => received };
}

/**
 * Sends a request byte for byte, and reads until the Worker closes the
 * connection.
 * @param lines the request line and headers, without `Host` and `Connection`
 */
export async function raw(lines: string[], body = ""): Promise<Raw> {
  const { socket, received } = wire();
  socket.write(
    `${[lines[0], "Host: localhost", "Connection: close", ...lines.slice(1)].join("\r\n")}\r\n\r\n${body}`,
  );
  await once(socket, "close");
  const [head = "", ...rest] = received().split("\r\n\r\n");
  const [status = "", ...headers] = head.split("\r\n");
  return {
    status: Number(status.split(" ")[1]),
    headers: headers.map((line) => {
      const at = line.indexOf(":");
      return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
    }),
    body: rest.join("\r\n\r\n"),
  };
}

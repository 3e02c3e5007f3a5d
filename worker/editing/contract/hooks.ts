/** Routes for webhooks. */
import * as v from "valibot";
import { paths } from "../../../shared/addresses.ts";
import { Hook, NewHook, RegisteredHook } from "../rules/hooks.ts";
import { route } from "./route.ts";

const HOOK_LIMIT_BYTES = 16 * 1024;
const edited = { access: "editor", keep: "never", role: "administrator", scope: "operate" } as const;
const CHANGE = "must be the number of a change, from 1";

export const hookRoutes = {
  listHooks: route({
    ...edited,
    method: "GET",
    path: paths.deskHooks,
    summary: "Webhooks, with what waits and what was given up",
    answers: { 200: { description: "The webhooks", schema: v.object({ hooks: v.array(Hook) }) } },
  }),
  addHook: route({
    ...edited,
    fresh: "or-new-token",
    method: "POST",
    path: paths.deskHooks,
    summary: "Register a webhook for every change from now on, signed as Standard Webhooks says",
    body: { schema: NewHook, limitBytes: HOOK_LIMIT_BYTES },
    answers: { 201: { description: "Registered", schema: RegisteredHook } },
    refuses: ["too-many-hooks"],
  }),
  takeOverHook: route({
    ...edited,
    fresh: "or-new-token",
    method: "POST",
    path: paths.deskTakeOver,
    summary: "Answer for a webhook yourself, with a new secret: it goes on where it stopped",
    answers: { 201: { description: "Yours", schema: RegisteredHook } },
    refuses: ["unknown-hook"],
  }),
  removeHook: route({
    ...edited,
    fresh: true,
    method: "DELETE",
    path: paths.deskHook,
    summary: "Delete a webhook, and what waits for it",
    answers: { 204: { description: "Deleted" } },
    refuses: ["unknown-hook"],
  }),
  replayHook: route({
    ...edited,
    method: "POST",
    path: paths.deskReplay,
    summary: "Deliver every change from a number on again",
    body: {
      schema: v.strictObject({ from: v.pipe(v.number(CHANGE), v.integer(CHANGE), v.minValue(1, CHANGE)) }),
      limitBytes: HOOK_LIMIT_BYTES,
    },
    answers: { 204: { description: "The next delivery begins there" } },
    refuses: ["unknown-hook"],
  }),
} as const;

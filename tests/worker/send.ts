/**
 * Requests to the Worker under test. Publishes are confirmed, because most
 * tests aren't about questions.
 */
import { exports } from "cloudflare:workers";
import { confirming } from "../support/confirming.ts";

export const send = confirming((request) => exports.default.fetch(request));

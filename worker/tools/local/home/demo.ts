/** The demo case, and a client that edits it through the public API. */
import { clientOf } from "../../../editing/contract/client.ts";
import type { HomeSettings } from "./settings.ts";

export const homeSettings: HomeSettings = JSON.parse(
  document.getElementById("settings")?.textContent ?? "{}",
);

const [demo, ...others] = homeSettings.firstCases;

/**
 * The id of the demo case; empty for a newsroom without one, whose page has no
 * panes.
 */
export const DEMO = demo?.id ?? "";
export const OTHER_CASES = others;

/** An API client signed in as the local editor. */
export const editor = clientOf({ token: homeSettings.editorToken });

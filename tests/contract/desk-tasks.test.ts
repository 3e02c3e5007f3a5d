/** The desk in a real browser, used by a person: many cases, a change of status, translations, and a deployment meanwhile. */
import { afterAll, afterEach, beforeAll, beforeEach, describe } from "vitest";
import { cases } from "./desk-tasks/cases.ts";
import { close, leavePage, openPage, start } from "./desk-tasks/editor.ts";
import { parts } from "./desk-tasks/parts.ts";
import { statuses } from "./desk-tasks/statuses.ts";
import { translations } from "./desk-tasks/translations.ts";

beforeAll(start);
beforeEach(openPage);
afterEach(leavePage);
afterAll(close);

// The list is tested while it has only its own cases.
describe("The list of cases", cases);
describe("A change of status", statuses);
describe("Translations", translations);
describe("Parts that load later", parts);

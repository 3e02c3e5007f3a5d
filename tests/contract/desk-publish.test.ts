/** Publishing and undoing from the desk, in a real browser: no accidental publish, no lost work. */
import { afterAll, afterEach, beforeAll, beforeEach, describe } from "vitest";
import { clicks } from "./desk-publish/clicks.ts";
import { conflicts } from "./desk-publish/conflicts.ts";
import { close, leavePage, openCases, start } from "./desk-publish/editor.ts";
import { erasures } from "./desk-publish/erasures.ts";
import { oversight } from "./desk-publish/oversight.ts";
import { publishing } from "./desk-publish/publishing.ts";

beforeAll(start);
beforeEach(openCases);
afterEach(leavePage);
afterAll(close);

describe("A revision", publishing);
describe("Work of two", conflicts);
describe("A click", clicks);
// The desk counts an editor's withdrawals of the last hour. The log's test adds one that nobody is warned of.
describe("An erasure", erasures);
describe("Oversight", oversight);

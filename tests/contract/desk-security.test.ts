/** The desk under attack: one Worker, one browser, everything that a script would try. */
import { afterAll, beforeAll, describe } from "vitest";
import { answers } from "./desk-security/answers.ts";
import { close, open } from "./desk-security/attacked.ts";
import { attacks } from "./desk-security/attacks.ts";
import { surfaces } from "./desk-security/surfaces.ts";

beforeAll(open);
afterAll(close);

describe("the answers", answers);
describe.concurrent("markup in every text field", surfaces);
describe("attacks", attacks);

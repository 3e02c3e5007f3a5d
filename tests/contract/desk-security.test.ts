/** Attacks on the desk, with one Worker and one browser for all of them. */
import { afterAll, beforeAll, describe } from "vitest";
import { answers } from "./desk-security/answers.ts";
import { close, open } from "./desk-security/attacked.ts";
import { attacks } from "./desk-security/attacks.ts";
import { surfaces } from "./desk-security/surfaces.ts";

beforeAll(open);
afterAll(close);

describe("The desk's answers", answers);
describe.concurrent("Markup in every text field of a case", surfaces);
describe("Under attack,", attacks);

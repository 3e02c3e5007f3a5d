/**
 * The pages that need no script, in a real browser and checked by validators of
 * HTML, accessibility and feeds.
 */
import { afterAll, beforeAll, describe } from "vitest";
import { casePage, revisionPage } from "./pages/case-page.ts";
import { everyPage, unknownAddress } from "./pages/every-page.ts";
import { openPage } from "./pages/follow.ts";
import { badge, feed, withdrawnCase, xml } from "./pages/formats.ts";
import { metadata } from "./pages/metadata.ts";
import { close, open } from "./pages/opened.ts";

beforeAll(open);
afterAll(close);

describe("Every page", everyPage);
describe("A case's page", casePage);
describe("The page of one revision", revisionPage);
describe("An open page", openPage);
describe("An unknown address", unknownAddress);
describe("A page's metadata", metadata);
describe("A badge", badge);
describe("An XML answer", xml);
describe("A feed", feed);
describe("A withdrawn case", withdrawnCase);

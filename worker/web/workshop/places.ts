/**
 * Looks at pages elsewhere that quote a case, and writes letters to their
 * owners: the fact, its source, and the code that ends the problem. It runs
 * here because this Worker has no storage and no secrets, and a page is a
 * stranger's. One request, no scripts; nothing of a page is kept but a salted
 * digest.
 */
import robotsParser from "robots-parser";
import { addresses, paths } from "../../../shared/addresses.ts";
import { isLocale } from "../../../shared/locale.ts";
import { sayIn } from "../../../shared/messages.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import { dateIn } from "../../../shared/view/date.ts";
import { markedText } from "../../../shared/view/run.ts";
import {
  type PageTag,
  pageParts,
} from "../../editing/importer/readers/page.ts";
import { firstBytesOf } from "../../editing/importer/readers/read.ts";
import { hasFullName, judge } from "../../editing/rules/old-text.ts";
import type {
  DuePage,
  ErasedWords,
  Place,
  PlaceFinding,
} from "../../editing/rules/places.ts";
import {
  isPublicHost,
  webAddressFault,
} from "../../objects/webhooks/address.ts";
import { type CaseState, viewPresent } from "../../reads/state.ts";
import { digest } from "../../runtime/digest.ts";
import { htmlSnippet } from "../site/embed/snippets.ts";

const MAX_PAGE_BYTES = 2 * 1024 * 1024;
const TIMEOUT_MS = 10_000;
const PAGE_LIMITS = { elements: 30_000, depth: 200 };
const AGENT = "Casewire";
const READABLE = /^(?:text\/html|application\/xhtml\+xml|text\/plain)\b/i;

/** The body; null for one over the limit. */
async function bytesOf(answer: Response): Promise<Uint8Array | null> {
  const bytes = new Uint8Array(MAX_PAGE_BYTES);
  let length = 0;
  for await (const part of answer.body ?? []) {
    // Leaving the loop ends the transfer.
    if (length + part.length > MAX_PAGE_BYTES) return null;
    bytes.set(part, length);
    length += part.length;
  }
  return bytes.subarray(0, length);
}

/** A page that is elsewhere, with the address unless it is no public page's. */
function moved(address: string, from: string): PlaceFinding {
  const to = URL.parse(address, from)?.href ?? "";
  return {
    state: "moved",
    ...(to !== from && webAddressFault(to, "") === null && { movedTo: to }),
  };
}

/**
 * True for the widget with this case, its include, a frame or a badge from this
 * deployment.
 */
function showsCase(
  tags: readonly PageTag[],
  id: string,
  publicUrl: string,
): boolean {
  const frames = [paths.embed, paths.badge, paths.shareImage].map(
    (path) => publicUrl + path.replace("{id}", id),
  );
  return tags.some(({ tagName, src = "", case: shown }) =>
    tagName === "case-status"
      ? shown?.toLowerCase() === id
      : frames.includes(src.replace(/\?.*/, "")),
  );
}

function holds(text: string, { names, sentences }: ErasedWords): boolean {
  const flat = (one: string) => one.replace(/\s+/g, " ").trim();
  return (
    sentences.some((one) => flat(text).includes(flat(one))) ||
    hasFullName(flat(text), names)
  );
}

/**
 * @returns what was found for each case; nothing for those for which the page
 * has not changed
 */
export async function lookAtPage(
  { url, subjects }: DuePage,
  {
    publicUrl,
    profile,
    erased,
  }: { publicUrl: string; profile: Profile; erased: ErasedWords | null },
): Promise<{ place: string; found: PlaceFinding }[]> {
  const all = (found: PlaceFinding) =>
    subjects.map(({ place, judged }) => ({
      place,
      found: { ...found, judged },
    }));
  const agent = `${AGENT}/1.0 (+${publicUrl}${paths.privacy}; ${profile.newsroom.contact.replace(/^mailto:/, "")})`;
  const ask = (address: string, more: Record<string, string> = {}) => {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    return fetch(address, {
      headers: { "User-Agent": agent, ...more },
      redirect: "manual",
      signal,
    });
  };
  try {
    if (
      webAddressFault(url, new URL(publicUrl).hostname) !== null ||
      !(await isPublicHost(new URL(url).hostname))
    )
      return all({ state: "unreachable" });
    const robotsUrl = new URL(paths.robots, url).href;
    let robots = await ask(robotsUrl);
    const to = moved(robots.headers.get("Location") ?? "", robotsUrl).movedTo;
    if (to && (await isPublicHost(new URL(to).hostname)))
      robots = await ask(to);
    const rules =
      robots.status === 200 ? await bytesOf(robots) : new Uint8Array();
    const allows = (text: string) =>
      robotsParser(robotsUrl, text).isAllowed(url, AGENT) !== false;
    // Without an answer, a host lets nobody read (RFC 9309); nor do rules
    // without an end.
    if (
      !rules ||
      robots.status >= 500 ||
      !allows(new TextDecoder().decode(rules))
    )
      return all({ state: "unknown" });
    // Whether a page still holds what was erased can't be judged again, unless
    // the page has changed.
    const isJudged = ({ judged, last }: DuePage["subjects"][0]) =>
      last?.judged === judged || last?.reason === "erased";
    const etag = !erased && subjects.every(isJudged) && subjects[0]?.last?.etag;
    const answer = await ask(url, etag ? { "If-None-Match": etag } : {});
    if (answer.status === 304) return [];
    if (answer.status >= 300 && answer.status < 400)
      return all(moved(answer.headers.get("Location") ?? "", url));
    if (answer.status !== 200) return all({ state: "unreachable" });
    const file = READABLE.test(answer.headers.get("Content-Type") ?? "")
      ? await bytesOf(answer)
      : null;
    // Null for too many elements, or too deep: no page of a section is.
    const page =
      file &&
      pageParts(file, { limits: PAGE_LIMITS, start: firstBytesOf(file) });
    if (!page) return all({ state: "unknown" });
    const { content = "" } =
      page.tags.find((one) => /^refresh$/i.test(one["http-equiv"] ?? "")) ?? {};
    const refresh = moved(
      /^\s*\d\D*url\s*=\s*['"]?([^'"]+)/i.exec(content)?.[1] ?? "",
      url,
    );
    if (refresh.movedTo) return all(refresh);
    const lang = page.tags[0]?.lang?.toLowerCase().replace(/-.*/, "") ?? "";
    const held = erased && holds(page.text, erased) ? erased.cases : [];
    return subjects.flatMap((subject) => {
      const { place, id, judged, history } = subject;
      const shows = showsCase(page.tags, id, publicUrl);
      const seen = digest(`${place} ${shows} ${page.text}`);
      const by = held.find((one) => one.id === id);
      if (!by && seen === subject.last?.digest && isJudged(subject)) return [];
      const said = shows
        ? { state: "current" as const }
        : judge(page.text, history, profile);
      const found: PlaceFinding = by
        ? { state: "old", reason: "erased", olderThan: by.revision }
        : said;
      const kept = {
        shows,
        judged,
        digest: seen,
        etag: answer.headers.get("ETag"),
        ...(isLocale(lang) && { lang }),
      };
      return { place, found: { ...found, ...kept } };
    });
  } catch {
    // No connection, no answer in time, or a broken one.
    return all({ state: "unreachable" });
  }
}

/**
 * @param states the old pages' cases
 * @returns the places, the old ones with letters
 */
export function placesWithLetters(
  places: Place[],
  states: CaseState[],
  publicUrl: string,
  profile: Profile,
): Place[] {
  const { name: newsroom, contact } = profile.newsroom;
  return places.map((place) => {
    const { case: id, number, url, reason, since } = place;
    const present = states
      .filter((one) => one.state === "present")
      .find(({ record }) => record.case.id === id);
    if (
      !reason ||
      !since ||
      (reason === "asks" && present?.record.case.action.state === "active")
    )
      return place;
    const lang =
      place.lang ??
      [present?.record.case.language ?? ""].find(isLocale) ??
      profile.defaultLanguage;
    const say = sayIn(lang);
    let more = "";
    if (present) {
      const { title, action, asOf, sources, people } = viewPresent(
        present,
        lang,
        Date.now(),
        profile,
      );
      const { text, href } = sources.list.at(-1) ?? {};
      const stated = people.list.map(({ name, lines }) =>
        [name, ...lines].map(markedText).join(" · "),
      );
      const now = reason === "status" ? stated.join("\n") : action.label;
      const facts = [
        markedText(title),
        now,
        `${asOf.label} ${asOf.text} · ${asOf.stated}`,
      ].join("\n");
      const source = [text, href, publicUrl + addresses.page(id, lang)]
        .filter(Boolean)
        .join("\n");
      const code = htmlSnippet(
        { id, number, newsroom, lang, variant: "card", theme: "auto" },
        publicUrl,
      );
      more = `${say("letter.more", { facts, source, code })}\n\n`;
    }
    const said = say(`letter.${reason}`, { date: dateIn(lang, since) });
    const marked = say("letter.text", {
      number,
      url,
      said,
      more,
      newsroom,
      contact: contact.replace(/^mailto:/, ""),
    });
    // Marks of direction around an address or the code would be copied with it.
    const text = marked.replace(/\u2068(<[^\u2069]*|\S+)\u2069$/gm, "$1");
    return {
      ...place,
      letter: { lang, subject: say("letter.subject", { number }), text },
    };
  });
}

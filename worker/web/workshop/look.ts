/**
 * Looks at a page elsewhere that quotes a case. It runs here because this Worker has no storage and no secrets, and the page is a
 * stranger's. One request, no scripts; nothing of the page is kept but a salted digest.
 */
import robotsParser from "robots-parser";
import { paths } from "../../../shared/addresses.ts";
import { isLocale } from "../../../shared/locale.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import { type PageElement, pageParts } from "../../editing/importer/readers/page.ts";
import { firstBytesOf } from "../../editing/importer/readers/read.ts";
import { joinedForms, nameFinder } from "../../editing/rules/name-forms.ts";
import { judge } from "../../editing/rules/old-text.ts";
import type { DuePage, ErasedWords, PlaceFinding, Sight, Subject } from "../../editing/rules/places.ts";
import { wholeSentencesOf } from "../../editing/rules/segments.ts";
import { isPublicHost, webAddressFault } from "../../objects/webhooks/address.ts";
import { digest } from "../../runtime/digest.ts";

const MAX_PAGE_BYTES = 2 * 1024 * 1024;
const TIMEOUT_MS = 10_000;
const PAGE_LIMITS = { elements: 30_000, depth: 200 };
const AGENT = "Casewire";
const READABLE = /^(?:text\/html|application\/xhtml\+xml|text\/plain)\b/i;

/** The body; null for one over the limit. */
async function bytesOf(answer: Response): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of answer.body ?? []) {
    length += parts.push(part) && part.length;
    // Leaving the loop ends the transfer.
    if (length > MAX_PAGE_BYTES) return null;
  }
  return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
}

/** A page that is elsewhere, with the address unless it is no public page's. */
function moved(address: string | null, from: string): PlaceFinding {
  const to = address ? URL.parse(address, from) : null;
  return { state: "moved", ...(to && webAddressFault(to.href, "") === null && { movedTo: to.href }) };
}

const refreshOf = (elements: readonly PageElement[]): string | undefined =>
  elements.flatMap(({ name, attributes }) => {
    if (name !== "meta" || attributes["http-equiv"]?.toLowerCase() !== "refresh") return [];
    return /^\s*\d\D*url\s*=\s*['"]?([^'"]+)/i.exec(attributes.content ?? "")?.[1] ?? [];
  })[0];

/** True for the widget with this case, its include, a frame or a badge from this deployment. */
function showsCase(elements: readonly PageElement[], id: string, publicUrl: string): boolean {
  const frames = [paths.embed, paths.badge, paths.shareImage].map((path) => publicUrl + path.replace("{id}", id));
  return elements.some(({ name, attributes }) =>
    name === "case-status"
      ? attributes.case?.toLowerCase() === id
      : /^(?:iframe|img)$/.test(name) && frames.includes(attributes.src?.split("?")[0] as string),
  );
}

function holds(text: string, { names, sentences }: ErasedWords): boolean {
  const finder = nameFinder(names);
  const flat = text.replace(/\s+/g, " ");
  // In pieces, because the finder takes long for endless sentences.
  const pieces = wholeSentencesOf(flat).map((one) => one.slice(0, 1_000));
  const isNamed = (one: string) =>
    joinedForms(one, finder.formsIn(one)).some(({ from, to }) => one.slice(from, to).includes(" "));
  return pieces.some(isNamed) || sentences.some((one) => flat.includes(one.replace(/\s+/g, " ").trim()));
}

export async function lookAtPage(
  { url, subjects }: DuePage,
  { publicUrl, profile, erased }: { publicUrl: string; profile: Profile; erased: ErasedWords | null },
): Promise<Sight[]> {
  const all = (found: PlaceFinding | null) =>
    subjects.map(({ place, judged }) => ({ place, found: found && { ...found, judged } }));
  const contact = profile.newsroom.contact.replace(/^mailto:/, "");
  const headers = {
    "User-Agent": `${AGENT}/1.0 (+${publicUrl}${paths.privacy}; ${contact})`,
    Accept: "text/html, application/xhtml+xml;q=0.9, text/plain;q=0.5",
  };
  const ask = (address: string, etag?: string | null | false) =>
    fetch(address, {
      headers: { ...headers, ...(etag && { "If-None-Match": etag }) },
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  try {
    if (webAddressFault(url, new URL(publicUrl).hostname) !== null || !(await isPublicHost(new URL(url).hostname)))
      return all({ state: "unreachable" });
    const robotsUrl = new URL(paths.robots, url).href;
    const robots = await ask(robotsUrl);
    const rules = robots.status === 200 ? new TextDecoder().decode((await bytesOf(robots)) ?? undefined) : "";
    // Without an answer, a host lets nobody read (RFC 9309).
    if (robots.status >= 500 || robotsParser(robotsUrl, rules).isAllowed(url, AGENT) === false)
      return all({ state: "unknown" });
    // Whether a page still holds what was erased can't be judged again, unless the page has changed.
    const isJudged = ({ judged, last }: Subject) => last?.judged === judged || last?.reason === "erased";
    const answer = await ask(url, !erased && subjects.every(isJudged) && subjects[0]?.last?.etag);
    const { status } = answer;
    if (status === 304) return all(null);
    if (status >= 300 && status < 400) return all(moved(answer.headers.get("Location"), url));
    if (status !== 200) return all({ state: "unreachable" });
    const file = READABLE.test(answer.headers.get("Content-Type") ?? "") ? await bytesOf(answer) : null;
    // Null for too many elements, or too deep: no page of a section is.
    const page = file && pageParts(file, { limits: PAGE_LIMITS, start: firstBytesOf(file) });
    if (!page) return all({ state: "unknown" });
    const refresh = moved(refreshOf(page.elements) ?? null, url);
    if (refresh.movedTo) return all(refresh);
    const html = page.elements.find(({ name }) => name === "html");
    const [lang = ""] = html?.attributes.lang?.toLowerCase().split("-") ?? [];
    return subjects.map((subject): Sight => {
      const { place, id, last, judged, history } = subject;
      const shows = showsCase(page.elements, id, publicUrl);
      const seen = digest(`${place} ${shows} ${page.text}`);
      const by = erased?.cases.find((one) => one.id === id);
      const isHeld = erased && by && holds(page.text, erased);
      if (!isHeld && seen === last?.digest && isJudged(subject)) return { place, found: null };
      const found: PlaceFinding = isHeld
        ? { state: "old", reason: "erased", olderThan: by.revision }
        : shows
          ? { state: "current" }
          : judge(page.text, history, profile);
      const kept = { shows, judged, digest: seen, etag: answer.headers.get("ETag"), ...(isLocale(lang) && { lang }) };
      return { place, found: { ...found, ...kept } };
    });
  } catch {
    // No connection, no answer in time, or a broken one.
    return all({ state: "unreachable" });
  }
}

/**
 * Looks at a page elsewhere that quotes a case. It runs here because this Worker has no storage and no secrets, and the page is a
 * stranger's. One request, no scripts; nothing of the page is kept but a salted digest.
 */
import robotsParser from "robots-parser";
import { paths } from "../../../shared/addresses.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import { type PageElement, pageParts } from "../../editing/importer/readers/page.ts";
import { firstBytesOf } from "../../editing/importer/readers/read.ts";
import { joinedForms, nameFinder } from "../../editing/rules/name-forms.ts";
import { type Judgement, judge, type SeenRevision } from "../../editing/rules/old-text.ts";
import type { OldReason } from "../../editing/rules/places.ts";
import { isPublicIp, resolveHost, webAddressFault } from "../../objects/webhooks/address.ts";
import { digest } from "../../runtime/digest.ts";

const MAX_PAGE_BYTES = 2 * 1024 * 1024;
/** Longer rules are cut, as RFC 9309 allows. */
const MAX_ROBOTS_BYTES = 512 * 1024;
const TIMEOUT_MS = 10_000;
const PAGE_LIMITS = { elements: 30_000, depth: 200 };
const AGENT = "Casewire";

/** A case that the page is known to quote. */
export interface Subject {
  id: string;
  salt: string;
  /** What the last look kept. */
  digest: string | null;
  /** True when the case has changed since then. */
  changed: boolean;
  history: SeenRevision[];
  /** Names and sentences that are being erased, in memory only, and the revision that erases them. */
  erased: { names: string[]; sentences: string[]; revision: number } | null;
}

export interface LookRequest {
  url: string;
  etag: string | null;
  subjects: Subject[];
  publicUrl: string;
  profile: Profile;
}

export type Seen =
  | { verdict: "unchanged" }
  | { verdict: "moved"; to: string | null }
  | { verdict: "unreachable" }
  | ((Judgement | { verdict: "old"; revision: number; reason: OldReason }) & { digest: string | null; shows: boolean });

export interface LookResult {
  etag: string | null;
  /** One for each subject, in their order. */
  seen: Seen[];
}

async function bytesOf(answer: Response, most: number, cut: boolean): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of answer.body ?? []) {
    parts.push(part);
    length += part.length;
    if (length > most) {
      await answer.body?.cancel().catch(() => {});
      if (!cut) return null;
      break;
    }
  }
  return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
}

/** True when the host's rules let this program read the address. Without an answer they don't (RFC 9309). */
async function mayRead(url: string, headers: Record<string, string>): Promise<boolean> {
  const rules = new URL(paths.robots, url).href;
  const answer = await fetch(rules, { headers, redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (answer.status >= 500) return false;
  if (answer.status !== 200) {
    await answer.body?.cancel();
    return true;
  }
  const text = new TextDecoder().decode((await bytesOf(answer, MAX_ROBOTS_BYTES, true)) ?? undefined);
  return robotsParser(rules, text).isAllowed(url, AGENT) !== false;
}

/** Where a page sends its visitors; null for one that stays, or names no public page. */
function movedTo(address: string | undefined, from: string): string | null {
  const to = address === undefined ? null : URL.parse(address, from);
  return to && webAddressFault(to.href, "") === null ? to.href : null;
}

const refreshOf = (elements: readonly PageElement[]): string | undefined =>
  elements.flatMap(({ name, attributes }) => {
    if (name !== "meta" || attributes["http-equiv"]?.toLowerCase() !== "refresh") return [];
    const [, seconds, to] = /^\s*(\d+)\D*url\s*=\s*['"]?([^'"]+)/i.exec(attributes.content ?? "") ?? [];
    return to !== undefined && Number(seconds) <= 10 ? to : [];
  })[0];

/** True for the widget with this case, its include, a frame or a badge from this deployment. */
function showsCase(elements: readonly PageElement[], id: string, publicUrl: string): boolean {
  const frames = [paths.embed, paths.badge, paths.shareImage].map((path) => publicUrl + path.replace("{id}", id));
  return elements.some(({ name, attributes }) =>
    name === "case-status"
      ? attributes.case?.toLowerCase() === id
      : (name === "iframe" || name === "img") &&
        frames.some((frame) => attributes.src === frame || attributes.src?.startsWith(`${frame}?`)),
  );
}

function statesErased(text: string, { names, sentences }: { names: string[]; sentences: string[] }): boolean {
  const finder = nameFinder(names);
  const whole = joinedForms(text, finder.formsIn(text)).some(({ from, to }) => /\s/.test(text.slice(from, to).trim()));
  const flat = text.replace(/\s+/g, " ");
  return whole || sentences.some((one) => flat.includes(one.replace(/\s+/g, " ").trim()));
}

export async function lookAtPage({ url, etag, subjects, publicUrl, profile }: LookRequest): Promise<LookResult> {
  const all = (seen: Seen, tag: string | null = null): LookResult => ({ etag: tag, seen: subjects.map(() => seen) });
  const unknown = { verdict: "unknown", digest: null, shows: false } as const;
  const agent = `${AGENT}/1.0 (+${publicUrl}${paths.privacy}; ${profile.newsroom.contact.replace(/^mailto:/, "")})`;
  try {
    if (webAddressFault(url, new URL(publicUrl).hostname) !== null) return all({ verdict: "unreachable" });
    const ips = await resolveHost(new URL(url).hostname);
    if (ips.length === 0 || !ips.every(isPublicIp)) return all({ verdict: "unreachable" });
    const headers = { "User-Agent": agent, Accept: "text/html, application/xhtml+xml;q=0.9, text/plain;q=0.5" };
    if (!(await mayRead(url, headers))) return all(unknown);
    const isKept = etag !== null && subjects.every(({ changed, erased }) => !changed && !erased);
    const answer = await fetch(url, {
      headers: { ...headers, ...(isKept && { "If-None-Match": etag }) },
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const { status } = answer;
    const isPage = /^(?:text\/html|application\/xhtml\+xml|text\/plain)\b/i.test(
      answer.headers.get("Content-Type") ?? "",
    );
    if (status !== 200 || !isPage) {
      await answer.body?.cancel();
      if (status === 304) return all({ verdict: "unchanged" }, etag);
      if (status >= 300 && status < 400)
        return all({ verdict: "moved", to: movedTo(answer.headers.get("Location") ?? undefined, url) });
      return all(status === 200 ? unknown : { verdict: "unreachable" });
    }
    const file = await bytesOf(answer, MAX_PAGE_BYTES, false);
    if (file === null) return all(unknown);
    let page: ReturnType<typeof pageParts>;
    try {
      page = pageParts(file, { limits: PAGE_LIMITS, start: firstBytesOf(file) });
    } catch {
      // Too many elements, or too deep: no page of a section is.
      return all(unknown);
    }
    const to = movedTo(refreshOf(page.elements), url);
    if (to !== null) return all({ verdict: "moved", to });
    const seen = subjects.map((one): Seen => {
      const shows = showsCase(page.elements, one.id, publicUrl);
      const kept = { digest: digest(`${one.salt} ${shows} ${page.text}`), shows };
      if (one.erased && statesErased(page.text, one.erased))
        return { verdict: "old", revision: one.erased.revision, reason: "erased", ...kept };
      if (kept.digest === one.digest && !one.changed) return { verdict: "unchanged" };
      return shows ? { verdict: "current", ...kept } : { ...judge(page.text, one.history, profile), ...kept };
    });
    return { etag: answer.headers.get("ETag"), seen };
  } catch {
    // No connection, no answer in time, or a broken one.
    return all({ verdict: "unreachable" });
  }
}

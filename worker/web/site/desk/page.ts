/**
 * The desk: an HTML shell without data, whose script asks for the token. The
 * workshop has its files; their headers are set here.
 */
import { Refusal } from "../../../../shared/failure.ts";
import { askWorkshop } from "../../../runtime/bindings.ts";
import { profileOf } from "../../../runtime/profiles/profiles.ts";
import type { Handlers } from "../../api/router.ts";

/**
 * Forbids inline code, other origins, scripts made from text, framing and form
 * submissions.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const headers = {
  "Content-Security-Policy": POLICY,
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "Strict-Transport-Security": "max-age=31536000",
  "X-Frame-Options": "DENY",
  "X-Robots-Tag": "noindex, nofollow",
};

export const deskPageHandlers = {
  async desk(c) {
    const { name } = profileOf(c.env).newsroom;
    const languages = c.req.header("Accept-Language");
    return c.html(
      await askWorkshop(c.env, (workshop) =>
        workshop.deskPage(name, languages),
      ),
      200,
      headers,
    );
  },
  /** Files of an earlier deployment are gone, so their URLs answer 404. */
  async deskFile(c) {
    const file = await askWorkshop(c.env, (workshop) =>
      workshop.deskFile(c.req.path),
    );
    if (!file) throw new Refusal({ tag: "no-such-address", path: c.req.path });
    return c.body(file.body, 200, { ...headers, "Content-Type": file.type });
  },
} satisfies Partial<Handlers>;

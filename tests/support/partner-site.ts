import { createServer } from "node:http";
import { listening } from "./listening.ts";

export type PartnerSite = Awaited<ReturnType<typeof partnerSite>>;

/** A website of another origin, whose page each test sets. */
export async function partnerSite() {
  let page = { body: "", headers: {} };
  const server = createServer((_, response) => {
    response.writeHead(200, {
      "Content-Type": "text/html; charset=utf-8",
      ...page.headers,
    });
    response.end(
      `<!doctype html><html lang="en"><title>A partner</title><body>${page.body}`,
    );
  });
  return {
    url: `http://127.0.0.1:${await listening(server)}/`,
    /** What the site answers from now on. */
    show(body: string, headers: Record<string, string> = {}) {
      page = { body, headers };
    },
    close() {
      server.close();
    },
  };
}

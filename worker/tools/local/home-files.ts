/**
 * The home page and the partner's page of a local run, served by the process
 * that started the runtime.
 */
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { withoutSchemas } from "../../editing/contract/without-schemas.ts";
import { styleText } from "../../web/site/embed/look.ts";
import type { FirstCase } from "./first-cases.ts";
import type { HomeSettings } from "./home/settings.ts";
import { root } from "./root.ts";

const types = {
  html: "text/html",
  css: "text/css",
  js: "text/javascript",
} as const;

const folder = join(root, "worker/tools/local/home");

/** Builds the scripts of the local pages into a folder. */
export async function buildHome(outDir: string): Promise<void> {
  // Loading Vite is slow, and most starts need no build.
  const { build } = await import("vite");
  await build({
    configFile: false,
    root: folder,
    logLevel: "warn",
    plugins: [withoutSchemas],
    build: {
      outDir,
      emptyOutDir: true,
      target: "es2022",
      rolldownOptions: {
        input: join(folder, "home.tsx"),
        output: { entryFileNames: "[name].js" },
      },
    },
  });
}

/**
 * A file of the home page; null when there is none.
 * @param outDir where `buildHome` put the script
 */
export async function homeFile(
  path: string,
  settings: HomeSettings,
  outDir: string,
) {
  const [, name = "home.html", type = "html"] =
    /^\/local\/(home\.(css|js))$/.exec(path) ?? [];
  if (path !== "/" && name === "home.html") return null;
  const text = await readFile(
    join(type === "js" ? outDir : folder, name),
    "utf8",
  );
  // "<" is the one character that could end the element early.
  const data = JSON.stringify(settings).replaceAll("<", "\\u003c");
  return {
    body: type === "html" ? text.replace(">null<", () => `>${data}<`) : text,
    headers: homeHeaders(types[type as keyof typeof types], settings),
  };
}

function homeHeaders(
  type: string,
  { partner, telegram }: HomeSettings,
): Record<string, string> {
  return {
    "Content-Type": `${type}; charset=utf-8`,
    "Cache-Control": "no-store",
    "Content-Security-Policy": [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src data:",
      `connect-src 'self' ${telegram?.standIn ?? ""}`,
      `frame-src ${partner}`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join("; "),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
  };
}

/**
 * Serves the partner's site: a page on another origin that only loads
 * Casewire's script.
 */
export async function servePartner(
  port: number,
  casewire: string,
  firstCases: FirstCase[],
): Promise<Server> {
  const courier = join(root, "worker/tools/local/courier");
  const policy = [
    "default-src 'none'",
    `script-src ${casewire}`,
    // `'self'` is for audit tools that fetch the page's own robots.txt.
    `connect-src 'self' ${casewire} ${casewire.replace("http", "ws")}`,
    "style-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(
      request.url ?? "/",
      "http://localhost",
    );
    const headers = {
      "Cache-Control": "no-store",
      "Content-Security-Policy": policy,
      "X-Content-Type-Options": "nosniff",
    };
    if (pathname === "/courier.css") {
      response.writeHead(200, {
        ...headers,
        "Content-Type": `${types.css}; charset=utf-8`,
      });
      // The height that the embed guide reserves.
      return response.end(
        `${await readFile(join(courier, "courier.css"), "utf8")}\n${styleText("card")}\n`,
      );
    }
    if (pathname !== "/") return response.writeHead(404, headers).end();
    const asked = searchParams.get("lang") ?? "en";
    const lang = /^[a-z]{2,3}$/.test(asked) ? asked : "en";
    const page = await readFile(join(courier, "courier.html"), "utf8");
    response.writeHead(200, {
      ...headers,
      "Content-Type": `${types.html}; charset=utf-8`,
    });
    const [demo, other] = firstCases;
    const shown = other ? page : page.replace(/ *<aside>.*<\/aside>\n/s, "");
    response.end(
      shown
        .replaceAll("{casewire}", casewire)
        .replaceAll("{lang}", lang)
        .replaceAll("{demo}", demo?.id ?? "")
        .replaceAll("{other}", other?.id ?? "")
        .replaceAll("{number}", other?.number ?? ""),
    );
  });
  await new Promise<void>((resolve, reject) =>
    server.once("error", reject).listen(port, "127.0.0.1", resolve),
  );
  return server;
}

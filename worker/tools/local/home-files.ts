/** The home page and the partner's page of a local run: built in memory, served by the process that started the runtime. */
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { build, type Rolldown } from "vite";
import { withoutSchemas } from "../../contract/without-schemas.ts";
import type { HomeSettings } from "./home/settings.ts";
import { root } from "./runtime.ts";

interface File {
  type: string;
  body: string;
}

export type Files = Map<string, File>;

const types = { html: "text/html", css: "text/css", js: "text/javascript" } as const;

/** Builds the home page's script; its style and frame are files as they are. */
export async function homeFiles(settings: HomeSettings): Promise<Files> {
  const folder = join(root, "worker/tools/local/home");
  const built = (await build({
    configFile: false,
    root: folder,
    logLevel: "warn",
    plugins: [withoutSchemas],
    build: {
      write: false,
      target: "es2022",
      rolldownOptions: { input: join(folder, "home.tsx"), output: { entryFileNames: "home.js" } },
    },
  })) as Rolldown.RolldownOutput;
  const script = built.output.find((file) => file.type === "chunk");
  if (!script) throw new Error("The home page's script was not built.");
  const page = await readFile(join(folder, "home.html"), "utf8");
  // "<" is the one character that could end the element early.
  const data = JSON.stringify(settings).replaceAll("<", "\\u003c");
  return new Map([
    ["/", { type: types.html, body: page.replace(">null<", () => `>${data}<`) }],
    ["/local/home.css", { type: types.css, body: await readFile(join(folder, "home.css"), "utf8") }],
    ["/local/home.js", { type: types.js, body: script.code }],
  ]);
}

export function homeHeaders(type: string, { partner, telegram }: HomeSettings): Record<string, string> {
  return {
    "Content-Type": `${type}; charset=utf-8`,
    "Cache-Control": "no-store",
    "Content-Security-Policy": [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src data:",
      `connect-src 'self' ${telegram.standIn ?? ""}`,
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

/** Serves the partner's site: a page of another origin that knows of Casewire only its script's address. */
export async function servePartner(port: number, casewire: string): Promise<Server> {
  const folder = join(root, "worker/tools/local/courier");
  const policy = [
    "default-src 'none'",
    `script-src ${casewire}`,
    // `'self'` is the page's own, for judges that read its robots.txt.
    `connect-src 'self' ${casewire} ${casewire.replace("http", "ws")}`,
    "style-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    const headers = {
      "Cache-Control": "no-store",
      "Content-Security-Policy": policy,
      "X-Content-Type-Options": "nosniff",
    };
    if (pathname === "/courier.css") {
      response.writeHead(200, { ...headers, "Content-Type": `${types.css}; charset=utf-8` });
      return response.end(await readFile(join(folder, "courier.css")));
    }
    if (pathname !== "/") return response.writeHead(404, headers).end();
    const asked = searchParams.get("lang") ?? "en";
    const lang = /^[a-z]{2,3}$/.test(asked) ? asked : "en";
    const page = await readFile(join(folder, "courier.html"), "utf8");
    response.writeHead(200, { ...headers, "Content-Type": `${types.html}; charset=utf-8` });
    response.end(page.replaceAll("{casewire}", casewire).replaceAll("{lang}", lang));
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  return server;
}

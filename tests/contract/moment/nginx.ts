/** Two stock nginx in a chain, each with one worker and its own cache; used by `npm run moment -- --nginx`. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { freePort } from "../../stand-in-process.ts";

const configuration = (folder: string, port: number, upstream: number) => `
daemon off;
master_process off;
pid ${folder}/pid;
error_log stderr error;
events { worker_connections 1024; }
http {
  access_log off;
  proxy_cache_path ${folder}/cache levels=1:2 keys_zone=cases:4m;
  proxy_temp_path ${folder}/proxy;
  client_body_temp_path ${folder}/body;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  upstream next { server 127.0.0.1:${upstream}; keepalive 64; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://next;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_cache cases;
      proxy_cache_key $request_uri;
      proxy_cache_revalidate on;
      proxy_cache_lock on;
      add_header X-Cache $upstream_cache_status always;
      proxy_hide_header X-Cache;
    }
  }
}
`;

async function startOne(upstream: number) {
  const folder = await mkdtemp(join(tmpdir(), "casewire-nginx-"));
  await mkdir(join(folder, "cache"));
  const port = await freePort();
  const file = join(folder, "nginx.conf");
  await writeFile(file, configuration(folder, port, upstream));
  const child = spawn("nginx", ["-p", folder, "-c", file, "-e", "stderr"], { stdio: ["ignore", "ignore", "inherit"] });
  const failed = once(child, "error").then(([error]) => {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw missing ? new Error("--nginx needs nginx on the PATH; on Debian: apt-get install nginx") : error;
  });
  failed.catch(() => {});
  const close = async () => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const exit = once(child, "exit");
      child.kill("SIGTERM");
      await exit;
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await Promise.race([failed, listening(port)]);
  } catch (error) {
    await close();
    throw error;
  }
  return { port, close };
}

async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const socket = connect(port, "127.0.0.1");
    const open = await Promise.race([
      once(socket, "connect").then(() => true),
      once(socket, "error").then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (open) return;
    await wait(50);
  }
  throw new Error("nginx did not start");
}

/** @param upstream port of the server behind the upper cache */
export async function startNginxChain(upstream: number) {
  const upper = await startOne(upstream);
  try {
    const lower = await startOne(upper.port);
    return {
      upper: upper.port,
      lower: lower.port,
      close: () => Promise.all([lower.close(), upper.close()]).then(() => {}),
    };
  } catch (error) {
    await upper.close();
    throw error;
  }
}

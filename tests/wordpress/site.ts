/**
 * A WordPress from Debian's packages in its own folder, with its own database.
 * `close` removes everything.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, rmSync } from "node:fs";
import {
  appendFile,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { freePort } from "../support/stand-in-process.ts";
import { eventually } from "../support/waiting.ts";

const SOURCE = "/usr/share/wordpress";
const PACKAGES =
  "wordpress wordpress-theme-twentytwentyfive php-cli php-mysql php-xml mariadb-server";

/** Folders where Debian installs programs that a user's PATH lacks. */
const path = [process.env.PATH, "/usr/sbin"].join(delimiter);
const env = { ...process.env, PATH: path };

/** @returns the packages that are not installed */
function missing(): string[] {
  const installed = (name: string) =>
    path.split(delimiter).some((folder) => existsSync(join(folder, name)));
  return [
    ...["php", "mariadbd", "mariadb-install-db"].filter(
      (name) => !installed(name),
    ),
    ...[
      join(SOURCE, "wp-includes/version.php"),
      join(SOURCE, "wp-content/themes/twentytwentyfive"),
    ].filter((file) => !existsSync(file)),
  ];
}

export interface Site {
  /** URL of the front page, without a trailing slash. */
  url: string;
  version: string;
  editor: { name: string; password: string };
  /** Returns PHP's output. */
  output(): Promise<string>;
  close(): Promise<void>;
}

/**
 * @param provider the origin on this machine that WordPress may request
 * @throws when a package is missing, with its name
 */
export async function startWordPress(provider: string): Promise<Site> {
  const absent = missing();
  if (absent.length > 0)
    throw new Error(
      `Missing: ${absent.join(", ")}. On Debian: apt-get install --no-install-recommends ${PACKAGES}`,
    );
  const folder = await mkdtemp(join(tmpdir(), "casewire-wordpress-"));
  const log = join(folder, "log");
  const processes: ChildProcess[] = [];
  const close = async () => {
    for (const child of processes.splice(0).reverse()) await end(child);
    await rm(folder, { recursive: true, force: true });
  };
  // A run that is interrupted during setup has no `close` to call.
  process.once("exit", () => {
    for (const child of processes) kill(child, "SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  try {
    const socket = await startDatabase(folder, processes);
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    await layOut(folder, socket, url, provider);
    const server = spawn(
      "php",
      [
        "-d",
        "memory_limit=512M",
        "-S",
        `127.0.0.1:${port}`,
        "-t",
        join(folder, "site"),
      ],
      {
        cwd: join(folder, "site"),
        env: {
          ...env,
          PHP_CLI_SERVER_WORKERS: "4",
          CASEWIRE_PORT: new URL(provider).port,
        },
        stdio: ["ignore", "pipe", "pipe"],
        detached: true,
      },
    );
    processes.push(server);
    for (const stream of [server.stdout, server.stderr])
      stream.on("data", (text) => void appendFile(log, text));
    const answers = async () =>
      (await fetch(`${url}/readme.html`).catch(() => null))?.ok;
    await eventually(answers, () => "PHP's server did not start.");
    const editor = { name: "editor", password: randomBytes(9).toString("hex") };
    await install(url, editor);
    const version = /\$wp_version = '([^']+)'/.exec(
      await readFile(join(SOURCE, "wp-includes/version.php"), "utf8"),
    );
    return {
      url,
      version: version?.[1] ?? "?",
      editor,
      output: () => readFile(log, "utf8"),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Starts a database that listens only on a socket in the folder.
 * @returns the socket's path
 */
async function startDatabase(
  folder: string,
  processes: ChildProcess[],
): Promise<string> {
  const data = join(folder, "database");
  const socket = join(folder, "socket");
  // Both refuse to run as root unless told to.
  const user = process.getuid?.() === 0 ? ["--user=root"] : [];
  await promisify(execFile)(
    "mariadb-install-db",
    [
      "--no-defaults",
      `--datadir=${data}`,
      "--auth-root-authentication-method=normal",
      "--skip-test-db",
      ...user,
    ],
    { env },
  );
  const child = spawn(
    "mariadbd",
    [
      "--no-defaults",
      `--datadir=${data}`,
      `--socket=${socket}`,
      "--skip-networking",
      "--skip-grant-tables",
      ...user,
    ],
    { env, stdio: "ignore", detached: true },
  );
  processes.push(child);
  const run = (sql: string) =>
    promisify(execFile)("mariadb", [
      "--no-defaults",
      `--socket=${socket}`,
      "-e",
      sql,
    ]);
  const database = () =>
    run("CREATE DATABASE IF NOT EXISTS wordpress").catch(() => undefined);
  await eventually(database, () => "The database did not start.");
  return socket;
}

/** Debian's WordPress reads its settings from /etc, so the site is a copy. */
async function layOut(
  folder: string,
  socket: string,
  url: string,
  provider: string,
): Promise<void> {
  const site = join(folder, "site");
  await cp(SOURCE, site, { recursive: true, dereference: true });
  const keys = ["AUTH_KEY", "SECURE_AUTH_KEY", "LOGGED_IN_KEY", "NONCE_KEY"];
  const constants = {
    DB_NAME: "wordpress",
    DB_USER: "root",
    DB_PASSWORD: "",
    DB_HOST: `localhost:${socket}`,
    WP_HOME: url,
    WP_SITEURL: url,
    // No request leaves the machine.
    WP_HTTP_BLOCK_EXTERNAL: true,
    WP_ACCESSIBLE_HOSTS: "localhost",
    AUTOMATIC_UPDATER_DISABLED: true,
    DISABLE_WP_CRON: true,
    ...Object.fromEntries(
      keys
        .flatMap((key) => [key, key.replace("KEY", "SALT")])
        .map((key) => [key, secret()]),
    ),
  };
  const defined = Object.entries(constants).map(
    ([name, value]) => `define('${name}', ${JSON.stringify(value)});`,
  );
  await writeFile(
    join(site, "wp-config.php"),
    `<?php\n${defined.join("\n")}\n$table_prefix = 'wp_';\nrequire __DIR__ . '/wp-settings.php';\n`,
  );
  const plugins = join(site, "wp-content/mu-plugins");
  await mkdir(plugins, { recursive: true });
  await cp(
    fileURLToPath(new URL("loopback.php", import.meta.url)),
    join(plugins, "loopback.php"),
  );
  await writeFile(
    join(plugins, "casewire.php"),
    `<?php\n${await documentedPlugin(provider)}`,
  );
}

/**
 * The guide's plugin for a server-side include, with this newsroom's address.
 */
async function documentedPlugin(provider: string): Promise<string> {
  const guide = await readFile(
    new URL("../../docs/widget.md", import.meta.url),
    "utf8",
  );
  const [, code = ""] = /```php\n(.*?)```/s.exec(guide) ?? [];
  return code.replaceAll("https://casewire.example.org", provider);
}

const secret = () => randomBytes(24).toString("hex");

/** Installs the site through WordPress's own form. */
async function install(
  url: string,
  { name, password }: Site["editor"],
): Promise<void> {
  const answer = await fetch(`${url}/wp-admin/install.php?step=2`, {
    method: "POST",
    body: new URLSearchParams({
      weblog_title: "An invented partner",
      user_name: name,
      admin_password: password,
      admin_password2: password,
      pw_weak: "1",
      admin_email: "editor@example.org",
      blog_public: "0",
      language: "",
    }),
  });
  const text = await answer.text();
  if (!text.includes("wp-login.php"))
    throw new Error(`WordPress was not installed:\n${text}`);
}

/** Ends a process with its children; PHP's server has four. */
function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-(child.pid as number), signal);
  } catch {
    // The whole group has ended.
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  // PHP's server waits for its children on SIGINT, but not on SIGTERM.
  kill(child, child.spawnfile === "php" ? "SIGINT" : "SIGTERM");
  await Promise.race([exit, wait(10_000, undefined, { ref: false })]);
  kill(child, "SIGKILL");
}

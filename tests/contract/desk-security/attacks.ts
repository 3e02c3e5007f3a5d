/**
 * Attacks on the desk, sent over raw sockets where an HTTP client library would
 * correct the request.
 */
import { expect, it } from "vitest";
import { addresses, paths } from "../../../shared/addresses.ts";
import { clientOf } from "../../../worker/editing/contract/client.ts";
import { goTo, signIn } from "../../support/desk-page.ts";
import {
  acceptInvitation,
  end,
  invite,
  makeToken,
  person,
} from "../start/desk-editors.ts";
import {
  browser,
  isStored,
  partner,
  raw,
  telegram,
  wire,
  worker,
} from "./attacked.ts";

const bearer = () => `Authorization: Bearer ${worker.editorToken}`;
const problemOf = async (answer: Response) =>
  ((await answer.json()) as { type: string }).type.split(":").at(-1);

export function attacks(): void {
  it("a line feed in an id, a language, a name or a reason makes no header", async () => {
    const feed = "%0d%0aX-Injected:%20yes%0d%0a%0d%0a<script>alert(1)</script>";
    const requests: string[][] = [
      ...[
        `/v1/desk/cases/${feed}`,
        `/v1/desk/drafts/${feed}`,
        `/v1/desk/proposals/${feed}`,
        `/v1/desk/audit?case=${feed}`,
        `/v1/desk/${feed}`,
        `/cases/${feed}`,
        `/cases/ua-61-00?lang=${feed}`,
        `/v1/cases/ua-61-00/view?lang=${feed}`,
        `/embed/${feed}`,
        `/badge/${feed}.svg`,
        `/feed.atom?lang=${feed}`,
        `/desk@${feed}.js`,
      ].map((path) => [`GET ${path} HTTP/1.1`, bearer()]),
      [`DELETE /v1/desk/proposals/x${feed} HTTP/1.1`, bearer()],
      [`DELETE /v1/cases/ua-61-00?reason=${feed} HTTP/1.1`, bearer()],
      [`DELETE /v1/cases/${feed} HTTP/1.1`, bearer()],
      [
        `PUT /v1/cases/ua-61-00${feed} HTTP/1.1`,
        bearer(),
        "If-None-Match: *",
        "Content-Length: 0",
      ],
      [
        "GET /v1/desk/me HTTP/1.1",
        bearer(),
        'If-Match: "1"\r\n X-Injected: yes',
      ],
      [
        `POST ${paths.drafts} HTTP/1.1`,
        bearer(),
        `Content-Type: text/plain; name="a${feed}"`,
        "Content-Length: 0",
      ],
    ];
    for (const lines of requests) {
      const answer = await raw(lines);
      expect(answer.status, lines[0]).toBeGreaterThanOrEqual(200);
      expect(answer.status, lines[0]).not.toBe(500);
      const names = answer.headers.map(([name]) => name);
      expect(names, lines[0]).not.toContain("x-injected");
      const type =
        answer.headers.find(([name]) => name === "content-type")?.[1] ?? "";
      if (/html|svg|xml/.test(type))
        expect(answer.body, lines[0]).not.toContain("<script>alert(1)");
    }
  });

  it("no spelling of a URL gives access without a token", async () => {
    const secret = "Invented case 60";
    const paths = [
      // Other ways to the same folder.
      ...[
        "/v1/desk/../desk/cases",
        "/v1/cases/../desk/cases",
        "/v1/cases/%2e%2e/desk/cases",
        "/./v1/desk/cases",
      ],
      ...[
        "/v1/cases/..%2fdesk%2fcases",
        "/cases/../v1/desk/export",
        "//v1/desk/cases",
        "/v1//desk/cases",
      ],
      // Other letters, encodings and endings.
      ...[
        "/V1/DESK/cases",
        "/v1/Desk/cases",
        "/v1/desk%2fcases",
        "/v1/%64esk/cases",
        "\\v1\\desk\\cases",
      ],
      ...[
        "/v1/desk/cases/",
        "/v1/desk/cases;.css",
        "/v1/desk/cases%00",
        "/v1/desk/export%3ffollowers=1",
      ],
      // A token where none is read.
      ...["/v1/desk/cases?token=TOKEN", "/v1/desk/cases?access_token=TOKEN"],
      // By way of the desk's page or another host.
      ...[
        "/desk/../v1/desk/cases",
        "/desk/cases",
        "/desk@../v1/desk/cases.js",
        "http://localhost/v1/desk/cases",
      ],
    ];
    for (const path of paths) {
      const answer = await raw([
        `GET ${path.replace("TOKEN", worker.editorToken)} HTTP/1.1`,
      ]);
      expect([301, 400, 401, 404], `${path}: ${answer.status}`).toContain(
        answer.status,
      );
      expect(answer.body, path).not.toContain(secret);
    }
    const others = [
      ["X-HTTP-Method-Override: DELETE"],
      [
        `Cookie: token=${"x".repeat(32)}; Authorization=Bearer ${"x".repeat(32)}`,
      ],
      ["X-Original-URL: /v1/cases", "X-Rewrite-URL: /v1/cases"],
      ["X-Forwarded-For: 127.0.0.1", "X-Editor: tester"],
      ["Authorization: Basic dGVzdGVyOnRlc3Rlcg=="],
    ];
    for (const headers of others)
      expect(
        (await raw(["GET /v1/desk/cases HTTP/1.1", ...headers])).status,
        headers[0],
      ).toBe(401);
    // A second request smuggled into the first one's body gets no response.
    const inner = "GET /v1/desk/cases HTTP/1.1\r\nHost: localhost\r\n\r\n";
    const both = await raw(
      [
        "POST /v1/drafts HTTP/1.1",
        `Content-Length: ${inner.length}`,
        "Transfer-Encoding: chunked",
      ],
      `0\r\n\r\n${inner}`,
    );
    expect(both.body).not.toContain(secret);
  });

  it("a body that is too large is refused although it does not state its length", async () => {
    const chunk = "x".repeat(64 * 1024);
    const endless = (count: number) =>
      `${`${chunk.length.toString(16)}\r\n${chunk}\r\n`.repeat(count)}0\r\n\r\n`;
    for (const [line, type, count, more] of [
      ["PUT /v1/cases/ua-61-00", "application/json", 5, "If-None-Match: *"],
      [
        `PUT ${addresses.deskDraft(crypto.randomUUID())}`,
        "application/json",
        17,
        "If-None-Match: *",
      ],
      ["POST /v1/desk/preview", "application/json", 17, "Accept: */*"],
      ["POST /v1/drafts", "text/plain", 129, "Accept: */*"],
    ] as const) {
      const headers = [
        bearer(),
        `Content-Type: ${type}`,
        "Transfer-Encoding: chunked",
        more,
      ];
      expect(
        (await raw([`${line} HTTP/1.1`, ...headers], endless(count))).status,
        line,
      ).toBe(413);
    }
    // Ten thousand small headers, a header of a megabyte, a URL of a megabyte:
    // the server survives.
    for (const lines of [
      [
        "GET /v1/desk/me HTTP/1.1",
        ...Array.from({ length: 10_000 }, (_, at) => `X-${at}: 1`),
      ],
      ["GET /v1/desk/me HTTP/1.1", `X-Long: ${"x".repeat(1_000_000)}`],
      [`GET /v1/desk/cases/${"x".repeat(1_000_000)} HTTP/1.1`],
    ])
      expect((await raw(lines)).body).not.toContain("Invented case");
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    for (const [method, path] of [
      ["POST", paths.deskPreview],
      ["PUT", addresses.deskDraft(crypto.randomUUID())],
      ["PUT", addresses.case("ua-63-00")],
    ] as const) {
      const nested = await worker.asEditor(path, {
        method,
        headers: { "Content-Type": "application/json", "If-None-Match": "*" },
        body: `{"case":{"people":${deep}}}`,
      });
      expect([nested.status, await problemOf(nested)], path).toEqual([
        400,
        "broken-json",
      ]);
    }
    expect((await worker.asEditor(paths.deskMe)).status).toBe(200);
  });

  it("bodies that never end don't delay other requests, and save nothing", async () => {
    const id = crypto.randomUUID();
    const slow = Array.from({ length: 30 }, () => {
      const { socket, received } = wire();
      const body = [
        `PUT ${addresses.deskDraft(id)} HTTP/1.1`,
        "Host: localhost",
        bearer(),
        "Content-Type: application/json",
        "If-None-Match: *",
        "Content-Length: 1000",
        "",
        '{"base":null,',
      ];
      const sent = new Promise((resolve) =>
        socket.write(body.join("\r\n"), resolve),
      );
      return { socket, received, sent };
    });
    await Promise.all(slow.map(({ sent }) => sent));
    // They are answered while the others wait.
    expect((await worker.asEditor(paths.deskMe)).status).toBe(200);
    expect((await fetch(worker.url + addresses.case("ua-60-00"))).status).toBe(
      200,
    );
    for (const { socket, received } of slow) {
      expect(received()).toBe("");
      socket.destroy();
    }
    // An unauthenticated request is refused before its body has arrived.
    const { socket, received } = wire();
    socket.write(
      "POST /v1/drafts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n",
    );
    await expect.poll(received).toContain("401");
    socket.destroy();
    expect((await worker.asEditor(addresses.deskDraft(id))).status).toBe(404);
  });

  it("tokens can't be guessed", async () => {
    const from = (address: string) => (token: string) =>
      fetch(worker.url + paths.deskMe, {
        headers: {
          Authorization: `Bearer ${token}`,
          "CF-Connecting-IP": address,
        },
      });
    const known = worker.editorToken;
    const hash = Object.values(
      JSON.parse(worker.env.EDITORS!) as Record<string, string>,
    )[0] as string;
    // Almost correct tokens, and the hash that a leaked configuration would
    // contain.
    const near = [
      hash,
      known.slice(0, -1),
      `${known}0`,
      known.toUpperCase(),
      "undefined",
      "null",
      "__proto__",
      "tester",
    ];
    for (const token of near)
      expect((await from("203.0.113.1")(token)).status).toBe(401);
    for (const value of [
      "Bearer",
      `Bearer ${known} more`,
      `bearer${known}`,
      known,
      `Token ${known}`,
    ]) {
      const answer = await fetch(worker.url + paths.deskMe, {
        headers: { Authorization: value },
      });
      expect(answer.status, value.replace(known, "...")).toBe(401);
    }
    expect((await from("203.0.113.1")(known)).status).toBe(200);
    for (const token of [known, hash])
      expect(worker.output()).not.toContain(token);
  });

  it("another site can neither read, write nor frame the desk", async () => {
    const target = worker.url;
    partner.show(`<iframe src="${target}/desk"></iframe><iframe name="sink"></iframe>
      <form method="post" target="sink" enctype="text/plain" action="${target}/v1/desk/restore"><input name='{"a":"' value='"}'></form>`);
    const page = await browser.newPage();
    await page.goto(`${partner.url}?other`);
    const tried = await page.evaluate(async (origin) => {
      const attempt = (path: string, init: RequestInit) =>
        fetch(origin + path, { credentials: "include", ...init }).then(
          (answer) => `${answer.type} ${answer.status}`,
          () => "refused",
        );
      return Promise.all([
        attempt("/v1/desk/me", {}),
        attempt("/v1/desk/me", { headers: { Authorization: "Bearer x" } }),
        attempt("/v1/desk/drafts/x", { method: "PUT", body: "{}" }),
        attempt("/v1/desk/restore", { method: "POST", body: "{}" }),
        attempt("/v1/cases/ua-60-00", {
          method: "PUT",
          body: "{}",
          headers: { "Content-Type": "application/json" },
        }),
        attempt("/v1/cases/ua-60-00", { method: "DELETE" }),
      ]);
    }, target);
    expect(tried).toEqual(Array.from({ length: 6 }, () => "refused"));
    const posted = page.waitForResponse((answer) =>
      answer.url().endsWith("/v1/desk/restore"),
    );
    await page.evaluate(() => document.forms[0]!.submit());
    expect((await posted).status()).toBe(401);
    const framed = page
      .frames()
      .find(
        (frame) =>
          frame.url().includes("/desk") ||
          frame.url().startsWith("chrome-error"),
      );
    expect(framed?.url()).toBe("chrome-error://chromewebdata/");
    await page.close();
  });

  it("an uploaded document is never stored or served", async () => {
    const mark = "UPLOADED-b7d1c0e4";
    const html = `<p>${mark}</p><script>alert(1)</script>\nFirst UA: 12/20 Index: EUR 46/1098/2020 Kestria Date: 3 May 2020\n`;
    const answer = await worker.asEditor(paths.drafts, {
      method: "POST",
      headers: {
        "Content-Type": "text/plain",
        "Content-Disposition": 'attachment; filename="../../widget.js"',
      },
      body: html,
    });
    expect([
      answer.status,
      answer.headers.get("Content-Type"),
      answer.headers.get("Location"),
    ]).toEqual([200, "application/json", null]);
    expect(await answer.text()).toContain(mark);
    for (const path of [
      "/",
      "/feed.json",
      "/v1/cases",
      "/v1/cases/ua-12-20",
      "/v1/drafts",
      "/widget.js",
      "/desk",
    ]) {
      expect(await (await fetch(worker.url + path)).text(), path).not.toContain(
        mark,
      );
    }
    expect(await isStored(mark)).toBe(false);
    expect(worker.output()).not.toContain(mark);
    // Control: text that is published is found in the storage, so the search
    // works.
    expect(await isStored("f999f")).toBe(true);
  });

  it("after all of it, nothing of the desk has changed and everything answers", async () => {
    const { cases } = (await (
      await worker.asEditor(paths.deskCases)
    ).json()) as {
      cases: { id: string; newest: number }[];
    };
    expect(cases.map(({ id, newest }) => `${id} ${newest}`).toSorted()).toEqual(
      ["ua-60-00 1", "ua-61-00 2"],
    );
    expect((await telegram.chat(424_202).ask("UA 60/00")).text).toContain(
      "Invented case 60",
    );
  });

  it("what was registered with a stolen token and a stolen device is seen and ended at the desk", async () => {
    const [ada, eve] = [await person(browser), await person(browser)];
    const { page } = ada;
    await page.goto(`${worker.url}/desk`);
    await signIn(page, worker.editorToken);
    await acceptInvitation(ada, await invite(page, "Ada", "administrator"));
    await acceptInvitation(eve, await invite(page, "Eve", "administrator"));

    // The thief has Eve's device, and a token that she made.
    const link = await invite(eve.page, "Mallory", "publisher");
    const token = await makeToken(eve.page, "Eve", "webhooks and operation");
    const stolen = clientOf({ origin: worker.url, token });
    for (const host of ["one", "two"])
      await stolen.addHook({ body: { url: `https://${host}.example.org/in` } });
    const group = telegram.chat(-100_666);
    await telegram.post("/chat/administrator", {
      chat: group.id,
      user: 66,
      status: "creator",
    });
    const { code } = await stolen.newDeskCode();
    await telegram.post("/chat/send", {
      chat: group.id,
      user: 66,
      text: `/desk ${code}`,
    });
    await group.until((all) =>
      all.some(({ text }) => text.startsWith("This group is linked")),
    );

    const row = (text: string) => page.locator("main li", { hasText: text });
    await goTo(page, "#/");
    await goTo(page, "#/editors");
    await end(page, "Revoke", row("Eve · A script"));
    await expect(stolen.readMe()).rejects.toMatchObject({ status: 401 });
    // What it registered goes on, until the webhook and the editor are removed.
    await end(page, "Remove one.example.org");
    expect(await row("two.example.org").textContent()).not.toContain(
      "nothing is sent",
    );
    expect(await page.getByRole("button", { name: "Unlink" }).count()).toBe(1);
    await end(page, "Remove Eve");
    await row("two.example.org")
      .getByText("nothing is sent any more")
      .waitFor();
    // The group is unlinked by another object; the desk looks again when its
    // window comes to the front.
    const look = () =>
      page.evaluate(() => void dispatchEvent(new Event("focus")));
    const left = () =>
      page.getByRole("button", { name: /Unlink|invitation of/ }).count();
    await expect.poll(() => look().then(left), { timeout: 20_000 }).toBe(0);
    await eve.page.goto("about:blank");
    await eve.page.goto(link);
    await eve.page.getByText("This invitation was used, cancelled").waitFor();
  });
}

/**
 * Tests that count on an untouched deployment, such as an empty list of cases, or that leave work behind in its Durable Objects: for
 * example by fake time. The files that are not named here have cases of their own, and share a deployment.
 */
const files = [
  ...["backups", "monitoring"],
  ...["editing", "editor-routes", "list", "people", "people-alike", "reading", "routes", "saved-drafts"].map(
    (name) => `web/api/${name}`,
  ),
  ...["sign-in", "site", "unshowable", "workshop"].map((name) => `web/api/${name}`),
  ...[
    "objects/channel/channel",
    "objects/dispatcher/reminders",
    "objects/ledger/guessing",
    "objects/ledger/ledger",
    "reads/cold",
    "reads/reads",
  ],
  ...["web/telegram/dispatcher-webhook", "objects/webhooks/webhooks"],
];

/** @param path of a test file */
export const needsUntouched = (path: string): boolean =>
  files.some((name) => path.endsWith(`/tests/worker/${name}.test.ts`));

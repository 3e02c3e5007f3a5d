/**
 * Tests that count on an untouched deployment, such as an empty list of cases,
 * or that leave work behind in its Durable Objects: for example by fake time.
 * The files that are not named here have cases of their own, and share a
 * deployment.
 */
export const untouchedFiles = [
  "backups",
  "monitoring",
  "notices",
  "objects/channel/channel",
  "objects/dispatcher/desk-chats",
  "objects/ledger/guessing",
  "objects/ledger/ledger",
  "objects/ledger/review",
  "objects/webhooks/webhooks",
  "places",
  "reads/cold",
  "web/api/editing",
  "web/api/editor-routes",
  "web/api/editors",
  "web/api/list",
  "web/api/questions",
  "web/api/reading",
  "web/api/registrations",
  "web/api/routes",
  "web/api/saved-drafts",
  "web/api/sign-in",
  "web/api/site",
  "web/api/unshowable",
  "web/api/workshop",
  "web/telegram/dispatcher-webhook",
].map((name) => `tests/worker/${name}.test.ts`);

/** @param path of a test file */
export const needsUntouched = (path: string): boolean =>
  untouchedFiles.some((name) => path.endsWith(`/${name}`));

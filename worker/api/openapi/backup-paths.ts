/** The routes for what is kept elsewhere and for what waits for Telegram, in OpenAPI; docs/storage.md documents the files' lines. */
import { notifications } from "../../../shared/revision.ts";
import { answer, editors, hash, moment, object, parameter, refused } from "./words.ts";

const ndjson = (description: string) => ({
  description,
  content: { "application/x-ndjson": { schema: { type: "string" } } },
});
const file = (operationId: string, summary: string, description: string) => ({
  operationId,
  summary,
  security: editors,
  responses: { 200: ndjson(description), ...refused(401, 429, 503) },
});
const body = (description: string) => ({ required: true, ...ndjson(description) });
const count = { type: "integer", minimum: 0 };
const revision = { case: { type: "string" }, number: { type: "integer", minimum: 1 } };

export const AuditLine = object(
  {
    sequence: { type: "integer", minimum: 1 },
    at: moment,
    editor: { type: "string" },
    deed: { type: "string" },
    case: { type: ["string", "null"] },
    number: { type: ["integer", "null"] },
    subject: hash,
    previousHash: hash,
    hash,
    notify: { enum: notifications },
  },
  ["notify"],
);

export const backupPaths = {
  "/v1/desk/audit.ndjson": {
    get: file(
      "exportAudit",
      "The whole log of who did what",
      "A line a deed, oldest first, each hashed over the one before",
    ),
  },
  "/v1/desk/export": {
    get: file(
      "exportAll",
      "A backup of everything but followers",
      "Without its last line it is not whole: something was published meanwhile",
    ),
  },
  "/v1/desk/erasures": {
    get: file(
      "exportErasures",
      "What was withdrawn, redacted or cancelled",
      "To be kept at its newest beside older backups",
    ),
  },
  "/v1/desk/restore": {
    post: {
      operationId: "restore",
      summary: "A backup into an empty deployment, whole or nothing; answers once readers see it",
      security: editors,
      parameters: [parameter("erasures", "query", { const: "none" }, "There is no erasures file before the backup")],
      requestBody: body("The newest erasures file, and after its last line a backup"),
      responses: {
        201: answer(
          "Restored",
          object({
            at: moment,
            revisions: count,
            audit: count,
            drafts: count,
            proposals: count,
            erasures: count,
            lost: { type: "array", items: object(revision) },
            pending: { type: "array", items: object({ ...revision, liveAt: moment }) },
          }),
        ),
        ...refused(400, 401, 409, 422, 429, 503),
      },
    },
  },
  "/v1/desk/followers": {
    get: file("exportFollowers", "Who follows what", "Ids are sealed under FOLLOWER_KEY"),
    post: {
      operationId: "restoreFollowers",
      summary: "Followers into a deployment that has none, under the same key",
      security: editors,
      requestBody: body("What the export answered"),
      responses: {
        201: answer("Restored", object({ chats: count, follows: count, cards: count })),
        ...refused(401, 409, 422, 429, 503),
      },
    },
  },
  "/v1/desk/keys": {
    post: {
      operationId: "rotateKeys",
      summary:
        "Re-encrypt a page of followers' ids under the newest key; asked again until none is left under an older one",
      security: editors,
      responses: {
        200: answer(
          "What is under which key",
          object({
            keys: { type: "array", items: { type: "string" }, minItems: 1 },
            current: count,
            older: count,
            closed: count,
          }),
        ),
        ...refused(401, 429, 503),
      },
    },
  },
  "/v1/desk/deliveries": {
    get: {
      operationId: "listParked",
      summary: "Messages that Telegram refused, by case, revision and reason",
      security: editors,
      responses: {
        200: answer(
          "The messages",
          object({
            parked: {
              type: "array",
              items: object({
                id: { type: "string" },
                revision: revision.number,
                trouble: { type: "string" },
                count,
              }),
            },
          }),
        ),
        ...refused(401, 429, 503),
      },
    },
    post: {
      operationId: "retryParked",
      summary: "Try them again, and the cards that could not be edited",
      security: editors,
      responses: { 200: answer("How many messages", object({ retried: count })), ...refused(401, 429, 503) },
    },
  },
};

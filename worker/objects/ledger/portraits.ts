/**
 * Pictures of people, and the record of each consent. A picture is erased with
 * the content that names it.
 */
import type { Case } from "../../../shared/case/schema.ts";
import type { FieldIssue } from "../../../shared/refusals/refusals.ts";
import { portraitEnd } from "../../../shared/view/age.ts";
import type {
  Consent,
  StoredPortrait,
} from "../../editing/contract/portraits.ts";
import type { Picture } from "../../editing/rules/picture.ts";
import { bytesDigest, digest, newSalt } from "../../runtime/digest.ts";
import { iso } from "../../runtime/iso.ts";
import type { Outcome, PublishCommand } from "./command.ts";
import { LedgerPart } from "./ledger-part.ts";

/** Pictures of one case, as many as its people may be, each at most 200 KB. */
export const MAX_PORTRAITS = 100;
/**
 * Pictures of one editor that readers haven't seen, so that a stolen token
 * can't fill the storage.
 */
export const MAX_UNSEEN_PORTRAITS = 50;
/** A picture that no revision names is erased after this time. */
const UNNAMED_MS = 30 * 86_400_000;

export interface NewPortrait {
  id: string;
  person: string;
  picture: Picture;
  consent: Consent;
  editor: string;
  /**
   * False for an author, who may not replace a record that another editor or a
   * revision relies on.
   */
  publishes: boolean;
}

type PortraitRow = Omit<StoredPortrait, "consent" | "at" | "shown"> & {
  case_id: string;
  consent: string;
  added_at: number;
  shown: number;
};

const COLUMNS =
  "case_id, image, person, type, length(content) AS bytes, consent, editor, added_at, shown";

/**
 * A consent that was damaged in the storage is empty, so that the list still
 * opens.
 */
function consentIn(text: string): Consent {
  try {
    return JSON.parse(text);
  } catch {
    return { givenBy: "", givenOn: "", note: "" };
  }
}

const storedOf = ({
  case_id: _,
  consent,
  added_at,
  shown,
  ...row
}: PortraitRow): StoredPortrait => ({
  ...{
    ...row,
    consent: consentIn(consent),
    at: iso(added_at),
    shown: shown === 1,
  },
});

const imagesIn = (fields: Pick<Case, "people">): string[] =>
  fields.people.flatMap(({ portrait }) => portrait?.image ?? []);

export class Portraits extends LedgerPart {
  #imagesNamed(id: string, proposed: boolean): Set<string> {
    const proposals = proposed ? this.journal.proposals.commands() : [];
    const waiting = proposals.flatMap(({ command }) =>
      command.id === id ? command.case : [],
    );
    return new Set(
      [...this.journal.desk.everyRevision(id), ...waiting].flatMap(imagesIn),
    );
  }

  /**
   * The pictures of a case that an editor may see. One that is only in a draft
   * is seen by nobody else, as the draft itself.
   */
  listFor(id: string, editor: string, publishes: boolean): StoredPortrait[] {
    const named = this.#imagesNamed(id, publishes);
    return this.list(id).filter(
      (one) => one.editor === editor || one.shown || named.has(one.image),
    );
  }

  /** Every record of a consent, with its case. */
  consents(): { id: string; image: string; consent: Consent }[] {
    return this.#rows("1 ORDER BY case_id, added_at DESC").map((row) => ({
      ...{ id: row.case_id, image: row.image, consent: consentIn(row.consent) },
    }));
  }

  /** The pictures of a case, newest first. */
  list(id: string): StoredPortrait[] {
    return this.#rows("case_id = ? ORDER BY added_at DESC", id).map(storedOf);
  }

  #rows(where: string, ...values: SqlStorageValue[]): PortraitRow[] {
    return this.sql.allRows(
      `SELECT ${COLUMNS} FROM portraits WHERE ${where}`,
      ...values,
    );
  }

  /** Stores a picture again with a new consent when it is there already. */
  add({
    id,
    person,
    picture,
    consent,
    editor,
    publishes,
  }: NewPortrait): Outcome<StoredPortrait> {
    const now = this.journal.settled();
    const failure = this.journal.withdrawal(id);
    if (failure) return { failure };
    const image = bytesDigest(picture.bytes);
    const [known] = this.#rows("case_id = ? AND image = ?", id, image);
    if (known && !publishes && (known.shown === 1 || known.editor !== editor))
      return { failure: { tag: "forbidden", role: "publisher" } };
    const unseen = this.#rows(
      "editor = ? AND shown = 0 AND NOT (case_id = ? AND image = ?)",
      editor,
      id,
      image,
    );
    if (unseen.length >= MAX_UNSEEN_PORTRAITS)
      return {
        failure: {
          tag: "too-many-portraits",
          most: MAX_UNSEEN_PORTRAITS,
          unseen: true,
        },
      };
    const others = this.list(id).filter((one) => one.image !== image);
    if (others.length >= MAX_PORTRAITS)
      return { failure: { tag: "too-many-portraits", most: MAX_PORTRAITS } };
    this.storage.transactionSync(() => {
      const salt = newSalt();
      const record = {
        person,
        salt,
        consent: JSON.stringify(consent),
        editor,
        added_at: now,
      };
      this.#rewrite(record, id, image);
      const row = {
        case_id: id,
        image,
        type: picture.type,
        content: picture.bytes,
        ...record,
      };
      this.sql.insert("portraits", row, "INSERT OR IGNORE");
      // Salted, so that the log, which stays, can't confirm a guess of a
      // picture that was erased.
      const subject = digest(salt + image);
      this.journal.audit.append({
        at: now,
        editor,
        action: "portrait",
        case: id,
        number: null,
        subject,
      });
    });
    return {
      done: this.list(id).find((one) => one.image === image) as StoredPortrait,
    };
  }

  has(id: string, image: string): boolean {
    return this.#rows("case_id = ? AND image = ?", id, image).length > 0;
  }

  /**
   * A picture that readers may see: the current revision names it, and its last
   * day has not passed.
   */
  shown(id: string, image: string): Picture | null {
    const now = this.journal.settled();
    const live = this.journal.liveCase(id);
    const isShown =
      !live?.hidePortraits &&
      live?.people.some(
        ({ portrait }) =>
          portrait?.image === image && now < portraitEnd(portrait.until),
      );
    return isShown ? this.read(id, image) : null;
  }

  /**
   * A picture, published or not. The caller checks with `listFor` that the
   * editor may see it.
   */
  read(id: string, image: string): Picture | null {
    const query =
      "SELECT type, content FROM portraits WHERE case_id = ? AND image = ?";
    const row = this.sql.firstRow<{
      type: Picture["type"];
      content: ArrayBuffer;
    }>(query, id, image);
    return row && { type: row.type, bytes: new Uint8Array(row.content) };
  }

  #isEmpty(id: string): boolean {
    return this.#rows("case_id = ? LIMIT 1", id).length === 0;
  }

  /** The people whose picture isn't stored, so that a publish is refused. */
  issuesOf({
    id,
    case: { people },
  }: Pick<PublishCommand, "id" | "case">): FieldIssue[] {
    return people.flatMap(({ portrait }, index) =>
      portrait && !this.has(id, portrait.image)
        ? {
            pointer: `/case/people/${index}/portrait/image`,
            message: "must be a picture that is stored for this case",
          }
        : [],
    );
  }

  /**
   * At the moment of a revision, erases pictures that readers have seen and
   * that neither it nor a later one names. It takes over each person's id too:
   * a redaction changes an id that is made of a removed name.
   */
  settle(id: string, number: number): void {
    if (this.#isEmpty(id)) return;
    for (const { id: person, portrait } of this.journal.desk.caseAt(id, number)
      ?.people ?? [])
      if (portrait)
        this.#rewrite(
          { shown: 1, person },
          id,
          portrait.image,
          "AND NOT (shown = 1 AND person = ?)",
          person,
        );
    this.eraseUnnamed(id, number, false);
  }

  /**
   * Erases the pictures of a case that no revision from this one on names.
   * @param all false to spare those that readers haven't seen yet
   * @returns true if any was erased
   */
  eraseUnnamed(id: string, from: number, all: boolean): boolean {
    if (this.#isEmpty(id)) return false;
    const named = new Set(
      this.journal.desk.everyRevision(id, from).flatMap(imagesIn),
    );
    const over = this.#rows("case_id = ?", id).filter(
      ({ image, shown }) => !named.has(image) && (all || shown === 1),
    );
    for (const { image } of over) this.#erase(id, image);
    return over.length > 0;
  }

  /**
   * Erases the pictures of an editor who was removed that are only in drafts.
   */
  eraseDraftsOf(editor: string): void {
    for (const { case_id: id, image } of this.#rows(
      "editor = ? AND shown = 0",
      editor,
    ))
      if (!this.#imagesNamed(id, true).has(image)) this.#erase(id, image);
  }

  /**
   * Erases a picture that only drafts name, for the editor who stored it.
   * `unknown`: that editor stored no such picture.
   */
  eraseDrafted(
    id: string,
    image: string,
    editor: string,
  ): "erased" | "named" | "unknown" {
    const [known] = this.#rows(
      "case_id = ? AND image = ? AND editor = ?",
      id,
      image,
      editor,
    );
    if (!known) return "unknown";
    if (known.shown === 1 || this.#imagesNamed(id, true).has(image))
      return "named";
    this.#erase(id, image);
    return "erased";
  }

  #rewrite(
    changes: Record<string, SqlStorageValue>,
    id: string,
    image: string,
    also = "",
    ...values: SqlStorageValue[]
  ): void {
    const where = `case_id = ? AND image = ? ${also}`;
    this.sql.rewrite("portraits", changes, where, id, image, ...values);
  }

  #erase(id: string, image: string): void {
    this.sql.erase("portraits", "case_id = ? AND image = ?", id, image);
  }

  /**
   * Erases pictures that may be shown no longer, and those that nobody
   * published.
   */
  eraseLapsed(): void {
    const now = this.journal.settled();
    for (const { case_id: id, image, added_at } of this.#rows("1")) {
      const standing = this.journal.desk.everyRevision(
        id,
        this.journal.head(id)?.number ?? 1,
      );
      const named = standing.flatMap(({ people }) =>
        people.flatMap(({ portrait }) => portrait ?? []),
      );
      const uses = named.filter((portrait) => portrait.image === image);
      const isOver =
        uses.length === 0
          ? now > added_at + UNNAMED_MS
          : uses.every(({ until }) => now >= portraitEnd(until));
      if (isOver) this.#erase(id, image);
    }
  }
}

/**
 * A journal whose publishes are confirmed, for tests that aren't about
 * questions.
 */
import type { PublishCommand } from "../../../../worker/objects/ledger/command.ts";
import { Journal as Asking } from "../../../../worker/objects/ledger/journal.ts";
import { confirmed } from "../../../support/confirming.ts";

export class Journal extends Asking {
  override publish(command: PublishCommand) {
    return super.publish(confirmed(this, command));
  }

  override checkPublish(command: PublishCommand) {
    return super.checkPublish(confirmed(this, command));
  }
}

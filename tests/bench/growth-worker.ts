/** The Worker with a Ledger that fills itself, because ten thousand publications over HTTP take minutes. */
import { app } from "../../worker/app.ts";
import type { Env } from "../../worker/bindings.ts";
import { Journal } from "../../worker/ledger/journal.ts";
import { Ledger as DeployedLedger } from "../../worker/ledger/ledger.ts";
import { profileOf } from "../../worker/profiles/profiles.ts";
import { inventedCase } from "../invented.ts";
import { surname } from "./growth-names.ts";

export { Channel } from "../../worker/channel/channel.ts";
export { Dispatcher } from "../../worker/dispatcher/dispatcher.ts";

const LEASE_MS = 5_000;
/** The time between two moments. */
const STEP_MS = 10_000;

function caseOf(number: number, events: number) {
  const fields = inventedCase(number);
  const [person, event] = [fields.people[0]!, fields.events[0]!];
  person.names = person.names.map((name) => ({ ...name, value: `Invented ${surname(number)}` }));
  fields.events = Array.from({ length: events }, (_, index) => ({
    ...event,
    text: { en: `Invented event ${index}.` },
  }));
  return fields;
}

export class Ledger extends DeployedLedger {
  /** @param history revisions of the first case @param events of the second case */
  fill(cases: number, history: number, events: number): void {
    let clock = Date.now() - STEP_MS * (cases + history + 2);
    const journal = new Journal(
      this.ctx.storage,
      LEASE_MS,
      () => clock,
      profileOf(this.env),
      undefined,
      this.env.VERSION.id,
    );
    const publish = (number: number, basedOn: number) => {
      const fields = caseOf(number, number === 2 ? events : 1);
      const note = { en: `Invented update ${basedOn}` };
      const command = { id: fields.id, case: fields, note, editor: "bench", basedOn } as const;
      const outcome = journal.publish({ ...command, kind: "update", notify: "none" });
      if ("failure" in outcome) throw new Error(JSON.stringify(outcome.failure));
      clock += STEP_MS;
    };
    for (let number = 3; number <= cases; number++) publish(number, 0);
    publish(2, 0);
    for (let revision = 0; revision < history; revision++) publish(1, revision);
    journal.settle();
    this.ctx.storage.sql.exec("DELETE FROM announcements");
  }
}

export default {
  async fetch(request, env, context) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname !== "/fill") return app.fetch(request, env, context);
    const ledger = env.LEDGER.getByName("ledger") as unknown as { fill(...sizes: number[]): Promise<void> };
    await ledger.fill(...["cases", "history", "events"].map((name) => Number(searchParams.get(name))));
    return new Response("filled");
  },
} satisfies ExportedHandler<Env>;

/** The audit log: its newest entries, and a download of all entries. */

import { useState } from "preact/hooks";
import { hasRole } from "../../editing/rules/roles.ts";
import { Button } from "../inputs.tsx";
import { hashOf } from "../route.ts";
import { saveAs } from "../save-as.ts";
import { useSession } from "../session.ts";
import { moment, say } from "../words.ts";
import { RefusalNotice, useAction, useAnswer } from "./refusal.tsx";

const FIRST_ENTRIES = 100;
/** The server's limit. */
const MAX_ENTRIES = 1_000;
const PRINTED_HASH_LENGTH = 12;

export function AuditScreen() {
  const { api, me } = useSession();
  const [limit, setLimit] = useState(FIRST_ENTRIES);
  const { answer, refused } = useAnswer(
    () => api.readAudit({ limit: String(limit) }),
    [api, limit],
  );
  const entries = answer?.audit;
  const { busy, refused: undelivered, run } = useAction();
  const download = () =>
    run(async () =>
      saveAs(await (await api.exportAudit()).blob(), "casewire-audit.ndjson"),
    );
  return (
    <main class="page audit">
      <header class="page-head">
        <div>
          <h1>{say("nav.audit")}</h1>
          <p class="lead">{say("audit.lead")}</p>
        </div>
        {hasRole(me, "publisher") && (
          <Button
            class="quiet"
            disabled={busy}
            onPress={download}
            say="audit.download"
          />
        )}
      </header>
      <RefusalNotice error={refused ?? undelivered} />
      {entries && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <section class="log" tabIndex={0} aria-label={say("nav.audit")}>
          <table>
            <thead>
              <tr>
                {(["at", "editor", "action", "case", "subject"] as const).map(
                  (column) => (
                    <th key={column} scope="col">
                      {say(`audit.${column}`)}
                    </th>
                  ),
                )}
              </tr>
            </thead>
            <tbody>
              {entries.map((entry) => (
                <tr key={entry.sequence}>
                  <td>
                    <time dateTime={entry.at}>{moment(entry.at)}</time>
                  </td>
                  <td>
                    <bdi>{entry.editor}</bdi>
                  </td>
                  <td>
                    {say(`audit.action.${entry.action}`, {
                      number: entry.number ?? 0,
                    })}
                    {entry.about !== undefined && (
                      <>
                        {" · "}
                        <bdi>{entry.about}</bdi>
                      </>
                    )}
                  </td>
                  <td>
                    {entry.case && (
                      <a href={hashOf({ at: "case", id: entry.case })}>
                        {entry.case}
                      </a>
                    )}
                  </td>
                  <td>
                    <code title={entry.subject}>
                      {entry.subject.slice(0, PRINTED_HASH_LENGTH)}
                    </code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {entries && entries.length === limit && limit < MAX_ENTRIES && (
        <Button
          class="quiet"
          onPress={() => setLimit(MAX_ENTRIES)}
          say="audit.more"
        />
      )}
      <p class="hint">{say("audit.verify")}</p>
    </main>
  );
}

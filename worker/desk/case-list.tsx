import { say } from "./words.ts";

/** All cases, and the editor's own unfinished work. */
export function CaseList() {
  return (
    <main class="page">
      <h1>{say("nav.cases")}</h1>
    </main>
  );
}

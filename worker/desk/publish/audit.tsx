import { say } from "../words.ts";

export function Audit() {
  return (
    <main class="page">
      <h1>{say("nav.audit")}</h1>
    </main>
  );
}

import { say } from "../words.ts";

export function Approvals({ id }: { id?: string | undefined }) {
  return (
    <main class="page">
      <h1>{say("nav.approvals")}</h1>
      {id}
    </main>
  );
}

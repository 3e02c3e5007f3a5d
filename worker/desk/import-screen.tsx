import { say } from "./words.ts";

/** A document in, a draft out. */
export function ImportScreen({ into }: { into?: string | undefined }) {
  return (
    <main class="page">
      <h1>{say("nav.import")}</h1>
      {into}
    </main>
  );
}

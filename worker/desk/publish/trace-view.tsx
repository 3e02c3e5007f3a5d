import { useState } from "preact/hooks";
import { ReaderLanguage, TelegramMessage, Widget } from "../preview-pane.tsx";
import { useSession } from "../session.ts";
import { language, say } from "../words.ts";
import { useAnswer } from "./refusal.tsx";

/** A preview of what readers will find after a withdrawal, in a chosen language. */
export function TraceView({ id }: { id: string }) {
  const { api } = useSession();
  const [lang, setLang] = useState<string>(language());
  const { answer: trace } = useAnswer(() => api.readTrace({ id, lang }), [api, id, lang]);
  return (
    <section class="trace">
      <header>
        <h3>{say("erase.readers")}</h3>
        <ReaderLanguage lang={lang} onLang={setLang} />
      </header>
      {trace && (
        <div class="sides">
          <Widget view={trace.view} />
          {trace.telegram && <TelegramMessage message={trace.telegram} lang={lang} />}
        </div>
      )}
    </section>
  );
}

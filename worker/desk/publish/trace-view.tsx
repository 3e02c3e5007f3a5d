import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../../editing/contract/client.ts";
import type { Trace } from "../../editing/rules/desk.ts";
import { ReaderLanguage, TelegramMessage, Widget } from "../preview-pane.tsx";
import { useSession } from "../session.ts";
import { language, say } from "../words.ts";

/** A preview of what readers will find after a withdrawal, in a chosen language. */
export function TraceView({ id }: { id: string }) {
  const { api } = useSession();
  const [lang, setLang] = useState<string>(language());
  const [trace, setTrace] = useState<Trace | null>(null);
  useEffect(() => {
    let overtaken = false;
    api.readTrace({ id, lang }).then(
      (next) => !overtaken && setTrace(next),
      (error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
      },
    );
    return () => {
      overtaken = true;
    };
  }, [api, id, lang]);
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

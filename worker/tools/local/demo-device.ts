/**
 * The device of a local run: it follows the demo case, and the home page shows
 * what it gets.
 */
import { paths } from "../../../shared/addresses.ts";
import { startPushService } from "./push-service.ts";

export interface DeviceMessage {
  at: number;
  title: string;
  body: string;
  silent: boolean;
}

/** @param home the address of the run @param pushKey the setting PUSH_KEY */
export async function startDemoDevice(
  home: string,
  caseId: string,
  pushKey: string,
) {
  const service = await startPushService();
  const address = service.subscribe();
  let spoken = "";
  return {
    close: service.close,
    /**
     * Follows in a language, once the case is live.
     * @returns the messages so far, oldest first
     */
    async messages(lang: string): Promise<DeviceMessage[]> {
      if (lang !== spoken) {
        const follows = [{ scope: caseId, seen: 0 }];
        const [key] = pushKey.split(".");
        const body = JSON.stringify({
          ...address,
          key,
          lang,
          manner: "open",
          hours: null,
          follows,
        });
        const headers = { "Content-Type": "application/json" };
        const answer = await fetch(home + paths.follow, {
          method: "PUT",
          headers,
          body,
        });
        if (answer.ok) spoken = lang;
      }
      return service.received.map(({ at, message: { notification } }) => {
        const { title, body, silent } = notification;
        return { at, title, body, silent };
      });
    },
  };
}

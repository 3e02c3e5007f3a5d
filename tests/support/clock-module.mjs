/**
 * Stands in front of the Worker's main module in a run whose test sets the
 * clock forward (`WorkerOptions.clock`). No deployment contains it. Everything
 * in the isolate reads the same clock, and alarms come earlier by as much as it
 * is ahead.
 *
 *   POST /test/clock {by}   sets the clock forward by milliseconds
 */
import worker, * as exported from "./worker.mjs";

let ahead = 0;
const realNow = Date.now;
Date.now = () => realNow() + ahead;
globalThis.Date = new Proxy(Date, {
  construct: (date, values) =>
    new date(...(values.length > 0 ? values : [date.now()])),
});

const clocked = (Base) =>
  class extends Base {
    constructor(ctx, env) {
      const { storage } = ctx;
      const [setAlarm, getAlarm] = [
        storage.setAlarm.bind(storage),
        storage.getAlarm.bind(storage),
      ];
      storage.setAlarm = (at) => setAlarm(Number(at) - ahead);
      storage.getAlarm = async () => {
        const at = await getAlarm();
        return at === null ? null : at + ahead;
      };
      super(ctx, env);
    }

    /** Called after the clock was set forward. */
    async moveAlarm(by) {
      const { storage } = this.ctx;
      const at = await storage.getAlarm();
      if (at !== null) await storage.setAlarm(at - by);
    }
  };

export const Channel = exported.Channel;
export const Dispatcher = clocked(exported.Dispatcher);
export const Ledger = clocked(exported.Ledger);
export const Webhooks = clocked(exported.Webhooks);

export default {
  ...worker,
  async fetch(request, env, context) {
    if (new URL(request.url).pathname !== "/test/clock")
      return worker.fetch(request, env, context);
    const { by } = await request.json();
    ahead += by;
    const objects = [
      env.LEDGER.getByName("ledger"),
      env.DISPATCHER.getByName("dispatcher"),
      env.WEBHOOKS.getByName("webhooks"),
    ];
    await Promise.all(objects.map((object) => object.moveAlarm(by)));
    return new Response();
  },
};

import { configuredVars } from "../../worker/tools/local/configuration.ts";

/**
 * The settings and invented secrets of the tests that run inside workerd. The
 * editor `local` has the token "test-token". Telegram is a closed port, so
 * nothing reaches the network.
 *
 * Every setting of wrangler.toml is here, because one that is missing is taken
 * from the developer's .dev.vars.
 */
export const workerBindings = {
  ...configuredVars(),
  BOT_TOKEN: "1:test-bot-token",
  BOT_INFO: JSON.stringify({
    id: 1,
    is_bot: true,
    first_name: "Casewire",
    username: "casewire_test_bot",
  }),
  WEBHOOK_SECRET: "test-webhook-secret",
  EDITORS: JSON.stringify({
    local: "4c5dc9b7708905f77f5e5d16316b5dfb425e68cb326dcd55a860e90a7707031e",
  }),
  LOG_KEY: "AgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fICE=",
  FOLLOWER_KEY: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
  TELEGRAM_API_ROOT: "http://127.0.0.1:9",
  PUBLIC_URL: "https://casewire.test",
  // A test that opens the Ledger by its name must find the one that the Worker
  // uses.
  JURISDICTION: "",
};

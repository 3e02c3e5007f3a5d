/** Checks HTML with html-validate. */
import {
  type ConfigData,
  HtmlValidate,
  type ResolvedConfig,
  StaticConfigLoader,
} from "html-validate";

const config: ConfigData = {
  root: true,
  extends: ["html-validate:recommended"],
  // Preact closes void elements, and a title with revision and as-of date is
  // longer than 70 characters.
  rules: { "void-style": "off", "doctype-style": "off", "long-title": "off" },
};

/**
 * Resolves the configuration once. The package does so for each document, which
 * takes longer than to check a short one.
 */
class OneConfig extends StaticConfigLoader {
  #resolved: ResolvedConfig | Promise<ResolvedConfig> | undefined;

  override getConfigFor(
    handle: string,
  ): ResolvedConfig | Promise<ResolvedConfig> {
    this.#resolved ??= super.getConfigFor(handle);
    return this.#resolved;
  }
}

const judge = new HtmlValidate(new OneConfig(config));

/** Returns what is wrong with a document, one line per error. */
export async function htmlErrors(html: string): Promise<string[]> {
  const { results } = await judge.validateString(html);
  return results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message }) => `${ruleId}: ${message}`),
  );
}

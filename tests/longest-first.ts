import { BaseSequencer, type TestSpecification } from "vitest/node";
import { needsUntouched } from "./untouched.ts";

/** Files that take more than twenty seconds, mostly of waiting, the longest first. */
const longest = [
  "contract/desk-publish",
  "contract/start",
  "contract/chaos",
  "contract/desk-tasks",
  "contract/pages",
  "contract/desk",
  "contract/embed-guide",
  "widget/frozen",
  "widget/element",
  "contract/routes",
  "contract/oembed",
  "contract/no-bot",
  "contract/versions",
  "widget/widget",
  "contract/press-watch",
  // Not among the first, whose installs and builds keep the disk busy.
  "contract/telegram",
];

const rank = ({ moduleId }: TestSpecification) => {
  const index = longest.findIndex((name) => moduleId.endsWith(`/tests/${name}.test.ts`));
  if (index >= 0) return index;
  // One after the other, because the file after them costs one more reset.
  return needsUntouched(moduleId) ? longest.length : longest.length + 1;
};

/**
 * Starts the longest files first, so that none of them runs alone at the end. Vitest learns their times from earlier runs, and a fresh clone
 * has none: there it would begin with the largest files.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

import { BaseSequencer, type TestSpecification } from "vitest/node";
import { needsUntouched } from "./untouched.ts";

/** Tests that take more than nine seconds, mostly of waiting, the longest first. */
const longest = [
  // It measures a thread's own time, and would run alone at the end of the first group.
  "linear",
  "check",
  "contract/start",
  "contract/telegram",
  "contract/moment",
  "contract/chaos",
  "contract/pages",
  "contract/embed-code",
  "fuzz/fuzz",
  "soak/soak",
  "contract/desk/formats",
  "contract/desk/document",
  "contract/desk/publishing",
  "contract/desk/statuses",
  "contract/desk/conflicts",
  "contract/desk/erasures",
  "contract/desk/drafts",
  "contract/desk/urgent-release",
  "contract/erased-words",
  "contract/disaster",
  // One process after the other.
  "contract/setup",
  "contract/versions",
  "contract/openapi",
  "contract/casewire-files",
  "contract/no-bot",
  "widget/worker",
  "contract/press-watch",
  "contract/oembed",
  "widget/element",
  "contract/embed-guide",
  "widget/widget",
  "widget/connection",
  "contract/routes",
  "contract/channel-shards",
  "contract/casewire-cli",
  "contract/desk-security",
  "contract/run",
  "widget/package",
];

export const longestFiles = longest.map((name) => `tests/${name}.test.ts`);

const rank = ({ moduleId, project }: TestSpecification) => {
  const index = longestFiles.findIndex((path) => moduleId.endsWith(`/${path}`));
  if (index >= 0) return index;
  // A project's processes end when a file of another project is next, so its files follow each other.
  if (project.name !== "worker") return longest.length + 2;
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

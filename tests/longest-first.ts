import { BaseSequencer, type TestSpecification } from "vitest/node";
import { needsUntouched } from "./untouched.ts";

/** Tests that take more than nine seconds, mostly of waiting, the longest first. */
const longest = [
  // It measures a thread's own time, and would run alone at the end of the first group.
  "linear",
  "check",
  "contract/chaos",
  "contract/start",
  "contract/disaster",
  "contract/pages",
  "contract/telegram",
  "contract/setup",
  "contract/push",
  "contract/no-bot",
  "contract/moment",
  "contract/desk/statuses",
  "contract/desk/conflicts",
  "contract/versions",
  "contract/desk/publishing",
  "contract/desk/drafts",
  "widget/kinds-of-page",
  "contract/desk/document",
  "fuzz/fuzz",
  "contract/embed-code",
  "contract/desk/erasures",
  "contract/oembed",
  "contract/desk/urgent-release",
  "contract/desk/clicks",
  "contract/desk/cases",
  "contract/desk/formats",
  "contract/casewire-files",
  "contract/push-device",
  "contract/newer-storage",
  "contract/routes",
  "contract/press-watch",
  "soak/soak",
  "contract/casewire-cli",
  "contract/erased-words",
  "contract/desk/review",
  "contract/run",
  "contract/openapi",
  "widget/element",
  "contract/embed-guide",
  "contract/desk-security",
  "contract/channel-shards",
  "widget/worker",
  "widget/widget",
  "widget/connection",
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

import { BaseSequencer, type TestSpecification } from "vitest/node";
import { needsUntouched } from "./untouched.ts";

/**
 * The longest files first. Of the first eight black-box files, half mostly wait
 * and half mostly work, so that two cores always have something to do.
 */
const longest = [
  // It measures a thread's own time, and would run alone at the end of the
  // first group.
  "linear",
  "check",
  "contract/chaos",
  "contract/start",
  "contract/disaster",
  "contract/pages",
  "widget/kinds-of-page",
  "contract/moment",
  "contract/telegram",
  "contract/versions",
  "contract/desk/formats",
  "contract/no-bot",
  "contract/desk/publishing",
  "contract/push",
  "contract/setup",
  "contract/desk/document",
  "contract/desk/statuses",
  "contract/push-device",
  "contract/erased-words",
  "contract/desk/drafts",
  "contract/desk/conflicts",
  "contract/desk/urgent-release",
  "contract/desk/erasures",
  "contract/embed-code",
  "contract/casewire-files",
  "contract/desk/cases",
  "contract/oembed",
  "contract/desk/clicks",
  "contract/channel-shards",
  "contract/newer-storage",
  "contract/press-watch",
  "fuzz/fuzz",
  "contract/routes",
  "soak/soak",
  "contract/desk/review",
  "contract/openapi",
  "contract/desk/false-things",
  "contract/desk-security",
];

export const longestFiles = longest.map((name) => `tests/${name}.test.ts`);

const rank = ({ moduleId, project }: TestSpecification) => {
  const index = longestFiles.findIndex((path) => moduleId.endsWith(`/${path}`));
  if (index >= 0) return index;
  // A project's processes end when a file of another project is next, so its
  // files follow each other.
  if (project.name !== "worker") return longest.length + 2;
  // One after the other, because the file after them costs one more reset.
  return needsUntouched(moduleId) ? longest.length : longest.length + 1;
};

/**
 * Starts the longest files first, so that none of them runs alone at the end.
 * Vitest learns their times from earlier runs, and a fresh clone has none:
 * there it would begin with the largest files.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(
    files: TestSpecification[],
  ): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

import type { FirstCase } from "../first-cases.ts";

/** The settings that the server puts into the page. */
export interface HomeSettings {
  /** The origin of the partner's page. */
  partner: string;
  editorToken: string;
  /**
   * The newsroom's first cases that came with the project, the demo case first;
   * empty for any other newsroom.
   */
  firstCases: FirstCase[];
  languages: { tag: string; name: string }[];
  /** Null in a run without a bot. */
  telegram: {
    /** The address of the local stand-in. */
    standIn: string;
    username: string;
  } | null;
}

import type { Answer } from "./answers/index.ts";

/** What comes of a call: `rule` names the reason for the audit, `reason` tells it to the caller. */
export type Decision =
  | {
      readonly allow: true;
      readonly rule: string;
      /** What of the answer the caller sees; null: all of it. */
      readonly answer: Answer | null;
    }
  | { readonly allow: false; readonly rule: string; readonly reason: string };

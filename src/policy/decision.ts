/** What comes of a call: `rule` names the reason for the audit, `reason` tells it to the caller. */
export type Decision =
  | {
      readonly allow: true;
      readonly rule: string;
      /** The answer goes through `blankSecrets` before the caller sees it. */
      readonly blank: boolean;
    }
  | { readonly allow: false; readonly rule: string; readonly reason: string };

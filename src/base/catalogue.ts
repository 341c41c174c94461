/**
 * Every error code, once. `docs/errors.md` describes each for the user; a test keeps the two in step.
 * `exit` follows sysexits(3) in spirit: 1 the work failed, 2 the command was typed wrongly,
 * 3 refused before anything was changed, 4 changed and put back, 5 state unclear: look at the host.
 */
export const catalogue = {
  USAGE: { exit: 2, title: "the command line is not right" },
  INTERNAL: { exit: 70, title: "a bug in tetherdock" },
  INTERRUPTED: { exit: 130, title: "interrupted" },
} as const satisfies Record<string, CatalogueEntry>;

/** What every code has: the process's exit status and a heading for the docs. */
export interface CatalogueEntry {
  readonly exit: 1 | 2 | 3 | 4 | 5 | 70 | 130;
  readonly title: string;
}

/** The union of all codes. */
export type ErrorCode = keyof typeof catalogue;

/** What the fleet process writes into its journal, and doctor reads there: a line for each change. */

export const STORE_CONNECTED = "connected to the store";
/** Why is behind it. */
export const STORE_LOST = "the store is lost: ";

export const RECEIPTS_TAKEN = "the store takes the receipts";
/** Why is behind it. */
export const NO_RECEIPT = "no receipt: ";

/** What became of the list that is in the store; each reason in one line. */
interface ListTaken {
  /** Why the process has not handed it to the gateway; null: it has, or that is not necessary. */
  readonly rejected: string | null;
  /** Why the gateway does not take it; null: it does. */
  readonly refused: string | null;
}

/** @param version that the process has read and verified; of a list that it rejects, the one that stays in force */
export function listLine(version: number, { rejected, refused }: ListTaken): string {
  if (rejected !== null)
    return `version ${version} stays in force; the list in the store is refused: ${rejected}`;
  return refused === null
    ? `version ${version} is in force`
    : `version ${version} is not in force: ${refused}`;
}

export const isListRefused = (line: string): boolean =>
  /^version \d+ (is not in force: |stays in force; )/.test(line);

/** For `grep -E`: the lines about the store, its list, and the host's receipts. */
export const JOURNAL_PATTERNS = {
  store: `^(${STORE_CONNECTED}|${STORE_LOST})`,
  list: "^version [0-9]+ (is|is not|stays) in force",
  receipts: `^(${RECEIPTS_TAKEN}|${NO_RECEIPT})`,
} as const;

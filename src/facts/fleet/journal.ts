/** What the fleet process writes into its journal, and doctor reads there: a line for each change. */

export const STORE_CONNECTED = "connected to the store";
/** Why is behind it. */
export const STORE_LOST = "the store is lost: ";

export const RECEIPTS_TAKEN = "the store takes the receipts";
/** Why is behind it. */
export const NO_RECEIPT = "no receipt: ";

/** @param refused why the gateway does not take the list, in one line; null: it does */
export const listLine = (version: number, refused: string | null): string =>
  refused === null ? `version ${version} is in force` : `version ${version} is not in force: ${refused}`;

export const isListRefused = (line: string): boolean => /^version \d+ is not in force: /.test(line);

/** For `grep -E`: the lines about the store, its list, and the host's receipts. */
export const JOURNAL_PATTERNS = {
  store: `^(${STORE_CONNECTED}|${STORE_LOST})`,
  list: "^version [0-9]+ is (not )?in force",
  receipts: `^(${RECEIPTS_TAKEN}|${NO_RECEIPT})`,
} as const;

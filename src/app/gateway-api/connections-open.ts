/** A gateway ends connections within milliseconds; one that it reports as open two seconds later may still be in use. */
import { counted, TetherdockError } from "../../base/index.ts";

/** What one gateway reports. */
export interface StillOpen {
  /** Its line. */
  readonly line: string;
  /** Connections. */
  readonly open: number;
}

/** @param hints what to run to see whether they are closed @returns CONNECTIONS_OPEN; null: none is open */
export function connectionsOpen(
  reports: readonly StillOpen[],
  hints: readonly string[],
): TetherdockError | null {
  const late = reports.filter(({ open }) => open > 0);
  if (late.length === 0) return null;
  const all = late.reduce((sum, { open }) => sum + open, 0);
  const what = `${counted(all, "connection")} that had to end ${all === 1 ? "is" : "are"} not closed yet`;
  return new TetherdockError("CONNECTIONS_OPEN", what, {
    why: late.slice(0, 20).map(({ line, open }) => `${line}: ${open} still open after two seconds`),
    hints,
  });
}

/** A gateway ends connections within milliseconds; one that it reports as open two seconds later may still be in use. */
import { counted, shellJoin, TetherdockError } from "../../base/index.ts";

/** What one gateway reports. */
export interface StillOpen {
  /** Its line. */
  readonly line: string;
  /** Connections. */
  readonly open: number;
}

const MOST_REASONS = 20;
const MOST_HINTS = 5;

/** @returns CONNECTIONS_OPEN; null: none is open */
export function connectionsOpen(reports: readonly StillOpen[]): TetherdockError | null {
  const late = reports.filter(({ open }) => open > 0);
  if (late.length === 0) return null;
  const all = late.reduce((sum, { open }) => sum + open, 0);
  const what = `${counted(all, "connection")} that should be closed ${all === 1 ? "is" : "are"} still open`;
  return new TetherdockError("CONNECTIONS_OPEN", what, {
    why: late.slice(0, MOST_REASONS).map(({ line, open }) => `${line}: ${open} still open after two seconds`),
    hints: late
      .slice(0, MOST_HINTS)
      .map(
        ({ line }) =>
          `${shellJoin(["tetherdock", "gateway", "sessions", line])}   # whether they are closed now`,
      ),
  });
}

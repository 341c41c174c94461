/** A body on the data path: finds where it ends, and never copies its bytes. */
import type { Problem } from "./problem.ts";

/** A body in progress. */
export interface Body {
  /** Whether it is complete. */
  readonly done: boolean;
  /** Why the body is invalid and cannot be passed on; null while it is valid. */
  readonly problem: Problem | null;
  /**
   * Reads bytes that may belong to the body.
   * @param at where to begin
   * @returns where it stopped: at the end of `bytes`, or after the body's last byte
   */
  take(bytes: Buffer, at: number): number;
}

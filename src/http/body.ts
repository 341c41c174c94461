/** A body on the data path: its end is found, its bytes are never copied. */
import type { Problem } from "./problem.ts";

/** A body in progress. */
export interface Body {
  /** Whether it is complete. */
  readonly done: boolean;
  /** Why it is not a valid body and cannot be passed on. */
  readonly problem: Problem | null;
  /**
   * Reads bytes that may belong to the body.
   * @param at where to begin
   * @returns where it stopped: at the end of `bytes`, or after the body's last byte
   */
  take(bytes: Buffer, at: number): number;
}

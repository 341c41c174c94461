/** A body as the data path sees it: counted byte by byte, never copied. */
import type { Problem } from "./problem.ts";

/** A body under way. */
export interface Body {
  /** Nothing more belongs to it. */
  readonly done: boolean;
  /** It is not a body and cannot be passed on. */
  readonly problem: Problem | null;
  /**
   * Goes over bytes that may belong to it.
   * @param bytes what came
   * @param at where to begin
   * @returns where it stopped: at the end of the bytes, or behind the body's last one
   */
  take(bytes: Buffer, at: number): number;
}

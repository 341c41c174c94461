/** What the drawing for terminals is made of. Every kind of line differs in form too, not in colour alone. */
import { printable } from "../../engine/index.ts";
import type { Look } from "../clients.ts";

/** A set of characters to draw with; all are one column wide. */
export interface Glyphs {
  readonly line: Readonly<Record<Look, string>>;
  readonly head: string;
  /** Ends a line that does not arrive. */
  readonly stop: string;
  readonly vertical: string;
  /** Stands for what was cut off. */
  readonly cut: string;
  /** @param width of the whole box */
  border(width: number): { readonly top: string; readonly bottom: string };
  /** Text in characters that the set's reader can show. */
  text(text: string): string;
}

export const UNICODE: Glyphs = {
  line: { open: "━", guarded: "─", unknown: "╌", blocked: "┄", refused: "·" },
  head: "▶",
  stop: "x",
  vertical: "│",
  cut: "…",
  border: (width) => ({ top: `┌${"─".repeat(width - 2)}┐`, bottom: `└${"─".repeat(width - 2)}┘` }),
  text: (text) => text,
};

export const ASCII: Glyphs = {
  line: { open: "=", guarded: "-", unknown: "~", blocked: ".", refused: ":" },
  head: ">",
  stop: "x",
  vertical: "|",
  cut: "...",
  border: (width) => ({ top: `+${"-".repeat(width - 2)}+`, bottom: `+${"-".repeat(width - 2)}+` }),
  text: (text) => printable(text, text.length),
};

/** A role file as text, with what people must know of it in front. */
import { stringify } from "yaml";
import { someOf, visible, wrapText } from "../../../base/index.ts";
import type { MadeRole } from "./role-for.ts";

/** Something that the file does not say as its source did. Every text may hold foreign words, quoted. */
export interface Note {
  readonly about: string;
  readonly text: string;
}

export const noteLine = ({ about, text }: Note): string => `${about}: ${text}`;

/** The most operations that a sentence names. */
const SHOWN = 12;

export const listed = (names: readonly string[]): string => someOf(names, SHOWN);

const WIDTH = 100;

/** @param head lines about the whole file */
export function roleText({ own }: MadeRole, head: readonly string[], notes: readonly Note[]): string {
  const comment = (text: string, indent = ""): string[] =>
    wrapText(visible(text), WIDTH - indent.length).map(
      (line, index) => `# ${index === 0 ? "" : indent}${line}`,
    );
  const comments = [
    ...head.flatMap((text) => comment(text)),
    ...notes.flatMap((note) => comment(`- ${noteLine(note)}`, "  ")),
  ];
  return `${comments.join("\n")}\n${stringify(own.source)}`;
}

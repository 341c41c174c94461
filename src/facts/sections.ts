/** Parses the sections that scripts print with `section-script.ts`. */
import { TetherdockError } from "../base/index.ts";
import type { FileFact } from "./host-facts.ts";

/** A host has a few hundred. Lookups search all headings, so the number is limited as well as the size. */
const MAX_SECTIONS = 4096;

/** One section: the words of its heading, and its text without the line end that the script added. */
export interface Section {
  readonly words: readonly string[];
  readonly text: string;
}

/** @throws FACTS_INCOMPLETE when the script did not reach its end, or printed too many sections */
export function splitSections(output: string, marker: string): Section[] {
  const sections = output
    .split(`\n${marker} `)
    .slice(1)
    .map((part) => {
      const end = part.indexOf("\n");
      return { words: part.slice(0, end).split(" "), text: part.slice(end + 1) };
    });
  if (sections.length > MAX_SECTIONS)
    throw new TetherdockError("FACTS_INCOMPLETE", "the host sent more output than tetherdock accepts", {
      why: [`${sections.length} sections; at most ${MAX_SECTIONS} are read`],
    });
  if (sections.at(-1)?.words[0] !== "end")
    throw new TetherdockError("FACTS_INCOMPLETE", "the inspection of the host was cut short", {
      details: { sections: sections.map((section) => section.words.join(" ")) },
    });
  return sections;
}

/** Finds the sections whose headings begin with these words. */
export function findSections(sections: readonly Section[], ...words: string[]): Section[] {
  return sections.filter((section) => words.every((word, at) => section.words[at] === word));
}

/** Sections with this first word, one for each second word: repetitions count once. */
export function findNamed(sections: readonly Section[], kind: string): Section[] {
  return [...new Map(findSections(sections, kind).map((section) => [section.words[1], section])).values()];
}

/** Files that a script printed under the heading `file WORDS… MODE UID GID PATH`. */
export function filesIn(sections: readonly Section[], ...words: string[]): FileFact[] {
  return findSections(sections, "file", ...words).map(({ words: heading, text }) => {
    const [mode = "", uid = "", gid = "", ...path] = heading.slice(words.length + 1);
    return { path: path.join(" "), mode, owner: `${uid}:${gid}`, text };
  });
}

/** `Key=value` lines as `systemctl show` prints them; a key may occur several times. */
export function parseShow(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const at = line.indexOf("=");
    if (at < 1) continue;
    const key = line.slice(0, at);
    const values = found.get(key);
    if (values) values.push(line.slice(at + 1));
    else found.set(key, [line.slice(at + 1)]);
  }
  return found;
}

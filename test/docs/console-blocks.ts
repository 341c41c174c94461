/** The fenced blocks of a page of documentation, and the commands in those that are meant to be typed. */

/** One fence: its language, and what is in it. */
export interface Block {
  readonly language: string;
  readonly lines: readonly string[];
}

/** One `$ ` line of a console block. */
export interface Typed {
  /** As a shell reads it; several lines if continued with `> `. */
  readonly command: string;
  /** 0 unless the command ends in `# exit status N`. */
  readonly status: number;
  /** What the page shows; empty when it shows nothing, and then anything will do. */
  readonly shown: readonly string[];
}

/** @param page Markdown; a list's blocks may be indented */
export function blocksOf(page: string): Block[] {
  return [...page.matchAll(/^([ ]*)```(\w*)\n([\s\S]*?)^\1```$/gm)].map(
    ([, indent = "", language = "", text = ""]) => ({
      language,
      lines: text
        .split("\n")
        .slice(0, -1)
        .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line)),
    }),
  );
}

function typed(lines: readonly string[]): Typed {
  const more = lines.findIndex((line, at) => at > 0 && !line.startsWith("> "));
  const end = more < 0 ? lines.length : more;
  const command = lines
    .slice(0, end)
    .map((line) => line.slice(2))
    .join("\n");
  const status = Number(/# exit status (\d+)$/.exec(command)?.[1] ?? 0);
  const shown = lines.slice(end);
  // an empty line before the next command is there for the eye
  return { command, status, shown: shown.at(-1) === "" ? shown.slice(0, -1) : shown };
}

/** Every command of a page's console blocks, in order. @throws for output that belongs to no command */
export function typedIn(page: string): Typed[] {
  return blocksOf(page)
    .filter(({ language }) => language === "console")
    .flatMap(({ lines }) => {
      const starts = lines.flatMap((line, at) => (line.startsWith("$ ") ? [at] : []));
      if (starts[0] !== 0) throw new Error(`a console block begins with "${lines[0]}", not with "$ "`);
      return starts.map((start, at) => typed(lines.slice(start, starts[at + 1])));
    });
}

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/**
 * Whether output is as a page shows it. In the page `…` stands for any text of one line, and alone in a line for any
 * number of lines.
 */
export function shows(shown: readonly string[], output: string): boolean {
  const pattern = shown.map((line) => {
    if (line === "…") return "(?:.*\\n)*";
    return `${line.split("…").map(literally).join(".*")}[ \\t]*\\n`;
  });
  return new RegExp(`^${pattern.join("")}$`).test(output.endsWith("\n") ? output : `${output}\n`);
}

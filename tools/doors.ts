/** The restricted calls of docs/adr/0016: only listed files may use them. Pure, so that the check itself is tested. */
import type { SourceFile } from "./layers.ts";

interface Door {
  readonly what: string;
  readonly pattern: RegExp;
  /** Below src/. */
  readonly allowed: readonly string[];
  readonly instead: string;
}

const DOORS: readonly Door[] = [
  {
    what: "JSON.parse",
    pattern: /\bJSON\s*\.\s*parse\b|\bJSON\s*\[|=\s*JSON\s*[;,]/,
    // rewrite-json: the engine's own answer, bounded by who gathers it, with its numbers kept digit by digit.
    allowed: ["base/json/parse.ts", "gateway/rewrite/rewrite-json.ts"],
    instead: "json.read() or json.parse() of src/base",
  },
  {
    what: "the process's output",
    pattern: /\bprocess\s*(?:\.\s*(?:stdout|stderr)\b|\[)|\bconsole\s*[.[]|\/dev\/(?:stdout|stderr|tty|fd\/)/,
    // main: a Node too old for the rest. create-context: asks for the width. prompts: the library writes, what it shows is
    // visible. run-child: the output of the command that the user named is the user's.
    allowed: [
      "cli/output/output.ts",
      "cli/main.ts",
      "cli/create-context.ts",
      "cli/output/prompts.ts",
      "system/ssh/run-child.ts",
    ],
    instead: "context.stdout and context.stderr",
  },
  {
    what: "output as it is",
    pattern: /\bstd(?:out|err)\s*\??\.\s*data\s*\(/,
    allowed: [
      "cli/create-context.ts",
      "cli/completion/route.ts",
      "cli/start.ts",
      "cli/env/command.ts",
      "cli/client/add.ts",
      "cli/export/command.ts",
    ],
    instead: "line(), lines() or json()",
  },
  {
    what: "a page of output",
    pattern: /\bstd(?:out|err)\s*\??\.\s*page\s*\(/,
    allowed: ["cli/doctor/command.ts", "cli/topology/command.ts"],
    instead: "lines()",
  },
  {
    what: "foreign text without its quotes",
    pattern: /\b(?:stderr|foreign|said)\s*\.\s*raw\b/i,
    allowed: ["host/apply/failure.ts", "app/host/look.ts"],
    instead: "the Foreign itself, or its lastLines()",
  },
  {
    what: "reading to the end without a bound",
    pattern: /node:stream\/consumers/,
    allowed: [],
    instead: "a loop that counts",
  },
];

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/[^\n]*/g, "");

/** @returns one line for each problem: a file that bypasses a door, or an exception that is no longer needed */
export function checkDoors(files: readonly SourceFile[]): string[] {
  const sources = files.filter(({ path }) => !path.endsWith(".test.ts"));
  return DOORS.flatMap(({ what, pattern, allowed, instead }) => {
    const users = sources.filter(({ text }) => pattern.test(withoutComments(text))).map(({ path }) => path);
    return [
      ...users
        .filter((path) => !allowed.includes(path))
        .map((path) => `${path}: ${what} is for ${allowed.join(", ") || "nobody"}; use ${instead}`),
      ...allowed
        .filter((path) => !users.includes(path))
        .map((path) => `${path}: ${what} is allowed and not used; take it off the list in tools/doors.ts`),
    ];
  });
}

/** docs/reference/commands.md, made from what the command tree itself prints for --help. */
import { runCommandLine } from "../src/cli/command-line.ts";
import type { Context } from "../src/cli/context.ts";

const HEAD = `# Commands

Made from the program's own help by \`npm run docs\`; a test fails when the two differ. Every command takes \`--help\`.
Exit statuses and error codes: [errors](../errors.md).
`;

async function helpOf(command: readonly string[]): Promise<string> {
  let text = "";
  // help only needs an output
  const stdout = { lines: (lines: readonly string[]) => (text += `${lines.join("\n")}\n`) };
  const process = { stdout: {}, stderr: {} };
  const terminal = { columns: 100, colour: { stdout: false, stderr: false } };
  const world = { process, stdout, terminal } as unknown as Context;
  const failures = await runCommandLine([...command, "--help"], world);
  if (failures.length > 0) throw new Error(`${command.join(" ")} --help failed`, { cause: failures[0] });
  return text.trimEnd();
}

/** Names below "Commands" in a help text. */
function commandsIn(help: string): string[] {
  const list = help.split(/^Commands\n/m)[1] ?? "";
  return [...list.matchAll(/^ {2}([a-z-]+) {2}/gm)].map(([, name = ""]) => name);
}

async function sectionsOf(command: readonly string[]): Promise<string[]> {
  const help = await helpOf(command);
  const fence = ["", "```text", help, "```", ""].join("\n");
  const below = await Promise.all(commandsIn(help).map((name) => sectionsOf([...command, name])));
  return [`## ${["tetherdock", ...command].join(" ")}\n${fence}`, ...below.flat()];
}

/** @returns the whole page */
export async function commandReference(): Promise<string> {
  return [HEAD, ...(await sectionsOf([]))].join("\n");
}

/** Compares screens at three widths with files that people have read: after an intended change, run `vitest run -u` and read them again. */
import { expect, test } from "vitest";
import { crowded, FEW_CLIENTS, madeByGateway } from "../../test/support/topology-subjects.ts";
import { PLAIN } from "../doctor/index.ts";
import { drawTopology, listTopology, MIN_WIDTH, topologyOf, UNICODE } from "../topology/index.ts";
import { runCommandLine } from "./command-line.ts";
import type { Context } from "./context.ts";
import { renderTable } from "./output/render-table.ts";

async function typed(args: readonly string[], columns: number): Promise<string[]> {
  const shown: string[] = [];
  const stdout = { lines: (lines: readonly string[]) => shown.push(...lines) };
  const terminal = { columns, stdout: true, stderr: true, colour: { stdout: false, stderr: false } };
  const world = { process: { stdout: {}, stderr: {} }, stdout, terminal } as unknown as Context;
  expect(await runCommandLine(args, world)).toEqual([]);
  return shown;
}

const STATUS = [
  ["NAME", "MODE", "ADDRESS", "ENGINE", "API", "CLIENT", "SERVER", "CA"],
  ["vps", "native", "vps.example:2376", "28.5.1", "1.51", "396 days", "396 days", "3651 days"],
  ["build *", "gateway", "[2001:db8::7]:2376", "unreachable", "-", "12 days", "-", "3000 days"],
] as const;

function topology(width: number, subject: ReturnType<typeof crowded>): string[] {
  const one = topologyOf(subject, FEW_CLIENTS);
  const options = { paint: PLAIN, glyphs: UNICODE, width };
  const text = width < MIN_WIDTH ? listTopology(one, options) : drawTopology(one, options);
  return text.trimEnd().split("\n");
}

const SCREENS: Record<string, (width: number) => string[] | Promise<string[]>> = {
  "tetherdock --help": (width) => typed(["--help"], width),
  "tetherdock up --help": (width) => typed(["up", "--help"], width),
  "tetherdock help HOST_NOT_PROVEN": (width) => typed(["help", "HOST_NOT_PROVEN"], width),
  "tetherdock status": (width) => renderTable(STATUS[0], STATUS.slice(1), width),
  "tetherdock topology web": (width) => topology(width, madeByGateway()),
  "tetherdock topology build": (width) => topology(width, crowded()),
};

const cases = Object.keys(SCREENS).flatMap((name) => [60, 80, 200].map((width) => [name, width] as const));

test.for(cases)("%s, %i columns", async ([name, width]) => {
  const lines = (await SCREENS[name]?.(width)) ?? [];
  const file = `${name.replace("tetherdock ", "").replaceAll(/[ -]+/g, "-").replace(/^-/, "")}-${width}.txt`;
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`../../test/golden/screens/${file}`);
  // examples to copy are not wrapped
  for (const line of lines.filter((each) => !/^ {4}\S/.test(each)))
    expect([...line].length, line).toBeLessThanOrEqual(width);
});

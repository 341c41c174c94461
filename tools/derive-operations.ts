/**
 * Derives the table of operations from a folder of Docker's specifications, `v1.41.yaml` and so on: `node
 * tools/derive-operations.ts FOLDER` prints the rows for src/engine/operations/rows.ts, with `--check` only the
 * differences between the table and the specifications.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { SPECIFIED } from "../src/engine/operations/rows.ts";
import { deriveRows, differences, readEngineSpec } from "./engine-spec.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { check: { type: "boolean" } },
});
const [folder] = positionals;
if (folder === undefined) throw new Error("usage: node tools/derive-operations.ts FOLDER [--check]");

const names = (await readdir(folder)).filter((name) => name.endsWith(".yaml"));
if (names.length === 0) throw new Error(`${folder} has no specifications`);
const specs = await Promise.all(
  names.map(async (name) => readEngineSpec(await readFile(join(folder, name), "utf8"))),
);

if (values.check) {
  const problems = differences(specs, SPECIFIED);
  for (const problem of problems) console.log(problem);
  console.log(
    `${names.length} specifications, ${SPECIFIED.length} operations, ${problems.length} differences`,
  );
  process.exitCode = problems.length > 0 ? 1 : 0;
} else {
  for (const row of deriveRows(specs, SPECIFIED)) console.log(`  ${row},`);
}

/** `node tools/write-compatibility.ts FOLDER`: writes the table of docs/compatibility.md from a run's results. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compatibilityTable, FAILED, type Results, replaceTable } from "./compatibility-page.ts";

const PAGE = new URL("../docs/compatibility.md", import.meta.url);
const [folder = "."] = process.argv.slice(2);

const found = ["bookworm", "trixie", "forky"]
  .map((release) => join(folder, `${release}.json`))
  .filter((file) => existsSync(file))
  .map((file): Results => JSON.parse(readFileSync(file, "utf8")));
const table = compatibilityTable(found, new Date().toISOString().slice(0, 10));
writeFileSync(PAGE, replaceTable(readFileSync(PAGE, "utf8"), table));
if (table.includes(FAILED)) {
  console.error("docs/compatibility.md has cells that failed");
  process.exitCode = 1;
}

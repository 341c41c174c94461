/** Writes a release's SBOM: node tools/write-sbom.ts FILE; its date is SOURCE_DATE_EPOCH. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sbom } from "./sbom.ts";

const [file] = process.argv.slice(2);
const seconds = Number(process.env["SOURCE_DATE_EPOCH"]);
if (file === undefined || !Number.isInteger(seconds))
  throw new Error("a file and SOURCE_DATE_EPOCH are needed");
const lock = JSON.parse(await readFile(join(import.meta.dirname, "../package-lock.json"), "utf8"));
await writeFile(file, `${JSON.stringify(sbom(lock, seconds), null, 2)}\n`);

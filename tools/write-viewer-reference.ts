/** Writes docs/reference/viewer.md. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { viewerReference } from "./viewer-reference.ts";

const root = join(import.meta.dirname, "..");
const shapes = JSON.parse(await readFile(join(root, "test/golden/policy/answer-shapes.json"), "utf8"));
await writeFile(join(root, "docs/reference/viewer.md"), viewerReference(shapes));

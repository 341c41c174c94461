/** Writes docs/explain.md. Run it after an entry of `explain` has changed. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { explainPage } from "./explain-page.ts";

const file = join(import.meta.dirname, "../docs/explain.md");
await writeFile(file, explainPage());

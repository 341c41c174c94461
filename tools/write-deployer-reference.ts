/** Writes docs/reference/deployer.md. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deployerReference } from "./deployer-reference.ts";

await writeFile(join(import.meta.dirname, "../docs/reference/deployer.md"), deployerReference());

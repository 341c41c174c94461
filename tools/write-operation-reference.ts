/** Writes docs/reference/operations.md. Run `npm run docs` after the table of operations or a role has changed. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { operationReference } from "./operation-reference.ts";

await writeFile(join(import.meta.dirname, "../docs/reference/operations.md"), operationReference());

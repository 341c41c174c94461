/** Writes docs/reference/commands.md. Run `npm run docs` after the help of a command has changed. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { commandReference } from "./command-reference.ts";

const file = join(import.meta.dirname, "../docs/reference/commands.md");
await writeFile(file, await commandReference());

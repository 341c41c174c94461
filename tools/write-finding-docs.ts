/** Writes docs/findings. Run `node tools/write-finding-docs.ts` after a check was added or changed. */
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findingDocs } from "./finding-docs.ts";

const folder = join(import.meta.dirname, "../docs/findings");
await mkdir(folder, { recursive: true });
const pages = await findingDocs();
for (const [name, text] of pages) await writeFile(join(folder, name), text);
// the page of a removed check
for (const name of await readdir(folder)) if (!pages.has(name)) await rm(join(folder, name));

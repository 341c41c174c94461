/** Writes docs/pictures/before-after.svg: `npm run docs`, after the drawing of topologies has changed. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readmePicture } from "./picture.ts";

const file = join(import.meta.dirname, "../docs/pictures/before-after.svg");
await mkdir(dirname(file), { recursive: true });
await writeFile(file, readmePicture());

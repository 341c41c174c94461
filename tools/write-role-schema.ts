/** Writes docs/reference/role.schema.json: run by `npm run docs`. */
import { writeFile } from "node:fs/promises";
import { json } from "../src/base/index.ts";
import { roleFileSchema } from "../src/policy/index.ts";

const file = new URL("../docs/reference/role.schema.json", import.meta.url);
await writeFile(file, json.format(roleFileSchema()));

/**
 * Fails when an import under src/ is not allowed, or imports form a circle, or a pure folder has effects, or a file
 * bypasses a door.
 */
import { globSync, readFileSync } from "node:fs";
import { checkDoors } from "./doors.ts";
import { checkLayers } from "./layers.ts";

const root = new URL("../src/", import.meta.url).pathname;
const files = globSync("**/*.ts", { cwd: root }).map((path) => ({
  path,
  text: readFileSync(root + path, "utf8"),
}));
const problems = [...checkLayers(files), ...checkDoors(files)];
for (const problem of problems) console.error(problem);
console.log(`layers: ${files.length} files, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;

/** The command-line tool of Development Containers, which Visual Studio Code starts its containers with. */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mustRun } from "./run.ts";

const VERSION = "0.89.0";
const CACHE = fileURLToPath(new URL(`../../.cache/devcontainer-${VERSION}`, import.meta.url));

/** @returns the program, for Node; unpacked only, since it is not needed for anything but one test */
export async function devcontainerProgram(): Promise<string> {
  const program = join(CACHE, "package/devcontainer.js");
  if (existsSync(program)) return program;
  await mkdir(join(CACHE, ".."), { recursive: true });
  const made = await mkdtemp(`${CACHE}-`);
  await mustRun([
    ...(["bash", "-c"] as const),
    'cd "$1" && npm pack --silent "@devcontainers/cli@$2" && tar -xzf ./*.tgz && rm ./*.tgz',
    ...["bash", made, VERSION],
  ]);
  await rename(made, CACHE).catch(() => rm(made, { recursive: true }));
  return program;
}

/** What a .deb is made from, and where it goes. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { mustRun } from "../support/run.ts";
import { ROOT } from "./release-folder.ts";

/** The built package, with what tools/build-executable.ts adds. */
export async function buildPackage(folder: string): Promise<string> {
  const built = join(folder, "package");
  await mustRun([process.execPath, join(ROOT, "tools/build.ts"), built]);
  await mkdir(join(built, "executables"));
  await writeFile(join(built, "executables/LICENSE-node"), "Node's licence\n");
  return built;
}

export interface DebParts {
  readonly built: string;
  readonly program: string;
  readonly machine: "amd64" | "arm64";
  readonly version: string;
  readonly out: string;
}

export async function makeDeb({ built, program, machine, version, out }: DebParts): Promise<void> {
  const path = `${dirname(process.execPath)}:${process.env["PATH"]}`;
  const make = [join(ROOT, "scripts/lib/make-deb"), program, machine, version, built, out];
  await mustRun(["env", `PATH=${path}`, "SOURCE_DATE_EPOCH=1000000000", ...make]);
}

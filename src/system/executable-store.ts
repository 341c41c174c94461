/** The gateway's program for hosts, as tools/build-executable.ts made it, found beside what runs. */
import { createReadStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { json, TetherdockError } from "../base/index.ts";
import { GATEWAY_FOLDER, type Payload } from "../facts/index.ts";
import type { ProgramFile } from "../host/index.ts";
import { isThere } from "./line-folder.ts";

/** The program for one kind of machine. */
export interface Executable {
  readonly files: readonly ProgramFile[];
  /** The bytes of one of them, as they travel. */
  payload(file: ProgramFile): Payload;
}

interface Manifest {
  readonly machine: string;
  readonly files: readonly (ProgramFile & { readonly file: string })[];
}

/** The folder of package.json: of the published package, or of the sources. */
async function packageFolder(from: string): Promise<string | null> {
  if (await isThere(join(from, "package.json"))) return from;
  return dirname(from) === from ? null : packageFolder(dirname(from));
}

async function findFolder(): Promise<{ folder: string; isSource: boolean } | null> {
  // Not there inside a single executable, which carries no other.
  const root = import.meta.dirname ? await packageFolder(import.meta.dirname) : null;
  if (root === null) return null;
  const isSource = await isThere(join(root, "src"));
  return { folder: join(root, isSource ? "dist/executables" : "executables"), isSource };
}

async function readManifests(folder: string): Promise<Manifest[]> {
  const names = await readdir(folder).catch(() => []);
  const manifests = names.filter((name) => /^linux-\w+\.json$/.test(name));
  const read = async (name: string) => json.parse(await readFile(join(folder, name), "utf8")) as Manifest;
  return Promise.all(manifests.map(read));
}

/** What tools/build-executable.ts can make. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x86_64: "x64", aarch64: "arm64" };

function missing(machine: string, there: readonly Manifest[], isSource: boolean): TetherdockError {
  const built = there.map((manifest) => manifest.machine).join(", ") || "none";
  const arch = ARCHITECTURES[machine];
  const make = isSource
    ? `npm run build:executable ${arch}   # in ${join(import.meta.dirname, "../..")}`
    : "install tetherdock from its package: that has the gateway in it";
  return new TetherdockError("EXECUTABLE_MISSING", `there is no gateway for a host that is ${machine} here`, {
    why: [`this tetherdock carries: ${built}`],
    hints: [...(arch === undefined ? [] : [make]), "tetherdock up … --native   # needs nothing on the host"],
  });
}

/**
 * @param machine as `uname -m` says on the host
 * @throws EXECUTABLE_MISSING
 */
export async function findExecutable(machine: string): Promise<Executable> {
  const found = await findFolder();
  const manifests = found ? await readManifests(found.folder) : [];
  const manifest = manifests.find((one) => one.machine === machine);
  if (!found || !manifest) throw missing(machine, manifests, found?.isSource ?? false);
  const sources = new Map(manifest.files.map(({ sha256, file }) => [sha256, join(found.folder, file)]));
  return {
    files: manifest.files.map(({ path, sha256, bytes, packedBytes }) => ({
      path: `${GATEWAY_FOLDER}/${path}`,
      sha256,
      bytes,
      packedBytes,
    })),
    payload: ({ sha256, packedBytes }) => ({
      bytes: packedBytes,
      read: () => createReadStream(sources.get(sha256) ?? ""),
    }),
  };
}

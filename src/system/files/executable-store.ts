/**
 * Finds the gateway's program for a host: the running single-file executable, one beside it, or one from
 * tools/build-executable.ts.
 */
import { createReadStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isSea } from "node:sea";
import { json, TetherdockError } from "../../base/index.ts";
import { GATEWAY_FOLDER } from "../../facts/index.ts";
import type { Executable, ProgramFile } from "../../host/index.ts";
import { isThere } from "./line-folder.ts";
import { packProgram } from "./packed-program.ts";

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
  // Undefined inside a single-file executable.
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

/** The architectures that tools/build-executable.ts can build for. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x86_64: "x64", aarch64: "arm64" };

function missing(machine: string, carried: readonly string[], remedy: readonly string[]): TetherdockError {
  return new TetherdockError(
    "EXECUTABLE_MISSING",
    `there is no gateway program for ${machine} hosts on this machine`,
    {
      why: [`this tetherdock carries: ${carried.join(", ") || "none"}`],
      hints: remedy,
      retype: [{ option: "native", remark: "needs nothing on the host; every client is root there" }],
    },
  );
}

/**
 * A single-file executable sends itself. For another architecture it expects that executable beside itself, under its
 * release name.
 */
async function fromSingleFile(machine: string, held: ReadonlySet<string>): Promise<Executable> {
  const arch = ARCHITECTURES[machine];
  const beside = join(dirname(process.execPath), `tetherdock-linux-${arch}`);
  const path = process.platform === "linux" && arch === process.arch ? process.execPath : beside;
  if (arch === undefined || !(await isThere(path))) {
    const remedy =
      arch === undefined ? [] : [`put tetherdock-linux-${arch} of the same release at ${beside}`];
    const own = Object.keys(ARCHITECTURES).filter((name) => ARCHITECTURES[name] === process.arch);
    throw missing(machine, own, remedy);
  }
  const { file, payload } = await packProgram(path, held);
  return { files: [file], payload: () => payload };
}

async function fromPackage(machine: string): Promise<Executable> {
  const found = await findFolder();
  const manifests = found ? await readManifests(found.folder) : [];
  const manifest = manifests.find((one) => one.machine === machine);
  if (!found || !manifest) {
    const make = found?.isSource
      ? `npm run build:executable ${ARCHITECTURES[machine]}   # in ${join(import.meta.dirname, "../..")}`
      : "install tetherdock from its package: that has the gateway in it";
    const carried = manifests.map((one) => one.machine);
    throw missing(machine, carried, machine in ARCHITECTURES ? [make] : []);
  }
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

/**
 * @param machine as `uname -m` prints on the host
 * @param held SHA-256 sums of the programs that the host already has
 * @throws EXECUTABLE_MISSING
 */
export function findExecutable(machine: string, held: ReadonlySet<string>): Promise<Executable> {
  return isSea() ? fromSingleFile(machine, held) : fromPackage(machine);
}

/** What is in a folder or archive to import: certificates, where their engine is, and a name for the line. */
import { json, shellJoin, TetherdockError } from "../../base/index.ts";
import { type Endpoint, makeEndpoint, parseAddress, TLS_PORT } from "../../engine/index.ts";
import { isArchive, openArchive } from "../export/index.ts";
import type { ImportPorts } from "./ports.ts";

const FILES = ["ca.pem", "cert.pem", "key.pem"] as const;

/** The client's part of a line, PEM. */
export interface Certificates {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** What an import is made of. */
export interface Source {
  readonly certificates: Certificates;
  readonly endpoint: Endpoint;
  /** Of the line where it was exported, or of the docker-machine; undefined: none is known. */
  readonly name: string | undefined;
}

/** The part of a docker-machine's config.json that says where it is. */
const readMachine = json.openObject({
  Driver: {
    read: json.openObject({
      IPAddress: { read: json.words() },
      MachineName: { read: json.words(), optional: { value: "" } },
    }),
  },
});

/** @throws IMPORT_REFUSED when a file is missing; FILE_FAILED */
async function readCertificates(ports: ImportPorts, folder: string): Promise<Certificates> {
  const texts = await Promise.all(FILES.map((name) => ports.readFile(folder, name)));
  const missing = FILES.filter((_, at) => texts[at] === undefined);
  const [ca = "", cert = "", key = ""] = texts;
  if (missing.length === 0) return { ca, cert, key };
  throw new TetherdockError("IMPORT_REFUSED", `${folder} does not have a Docker client's certificates`, {
    why: [`${missing.join(", ")}: no such file`],
    hints: [shellJoin(["ls", "-l", folder])],
  });
}

/** @throws USAGE when nothing says where the engine is; ENDPOINT_INVALID */
async function machineIn(ports: ImportPorts, folder: string): Promise<Pick<Source, "endpoint" | "name">> {
  const read = json.read((await ports.readFile(folder, "config.json")) ?? "", readMachine);
  if ("value" in read) {
    const { IPAddress, MachineName } = read.value.Driver;
    return { endpoint: makeEndpoint(IPAddress, TLS_PORT), name: MachineName };
  }
  throw new TetherdockError("USAGE", `nothing in ${folder} says where the engine is`, {
    why: ["only the folder of a docker-machine has its address, in config.json"],
    hints: [shellJoin(["tetherdock", "import", folder, "--address", "NAME"])],
  });
}

/**
 * @param address as typed; undefined: the folder is a docker-machine's
 * @throws IMPORT_REFUSED, USAGE, ENDPOINT_INVALID, FILE_FAILED
 */
async function readFolder(ports: ImportPorts, folder: string, address: string | undefined): Promise<Source> {
  const certificates = await readCertificates(ports, folder);
  if (address !== undefined) return { certificates, endpoint: parseAddress(address), name: undefined };
  return { certificates, ...(await machineIn(ports, folder)) };
}

/** @throws ARCHIVE_UNREADABLE, STATE_NEWER, PROMPT_IMPOSSIBLE, ENDPOINT_INVALID */
async function readArchive(ports: ImportPorts, text: string, address: string | undefined): Promise<Source> {
  const { ca, cert, key, name, ...place } = await openArchive(text, await ports.password());
  const endpoint = address === undefined ? makeEndpoint(place.address, place.port) : parseAddress(address);
  return { certificates: { ca, cert, key }, endpoint, name };
}

/** A folder, or an archive that `export` has written. */
export async function readSource(
  ports: ImportPorts,
  { path, address }: { readonly path: string; readonly address: string | undefined },
): Promise<Source> {
  if (await ports.isFolder(path)) return readFolder(ports, path, address);
  const text = (await ports.readFile(path)) ?? "";
  if (isArchive(text)) return readArchive(ports, text, address);
  throw new TetherdockError("IMPORT_REFUSED", `${path} is not a folder or an archive of a line`, {
    why: ["tetherdock export --format archive writes archives"],
    hints: [shellJoin(["ls", "-ld", path])],
  });
}

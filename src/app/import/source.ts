/** What is in a folder to import: the certificates of a Docker client, and of a docker-machine its address. */
import { json, shellJoin, TetherdockError } from "../../base/index.ts";
import { type Endpoint, makeEndpoint, parseEndpoint } from "../../engine/index.ts";
import type { ImportPorts } from "./ports.ts";

/** Of dockerd with TLS. */
const DEFAULT_PORT = 2376;

const FILES = ["ca.pem", "cert.pem", "key.pem"] as const;

/** The client's part of a line, PEM. */
export interface Certificates {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** The part of a docker-machine's config.json that says where it is. */
const readMachine = json.openObject({
  Driver: { read: json.openObject({ IPAddress: { read: json.words() } }) },
});

/** @throws IMPORT_REFUSED when a file is missing; FILE_FAILED */
export async function readCertificates(ports: ImportPorts, folder: string): Promise<Certificates> {
  const texts = await Promise.all(FILES.map((name) => ports.readFile(folder, name)));
  const missing = FILES.filter((_, at) => texts[at] === undefined);
  const [ca = "", cert = "", key = ""] = texts;
  if (missing.length === 0) return { ca, cert, key };
  throw new TetherdockError("IMPORT_REFUSED", `${folder} does not have a Docker client's certificates`, {
    why: [`${missing.join(", ")}: no such file`],
    hints: [shellJoin(["ls", "-l", folder])],
  });
}

/** `NAME`, `NAME:PORT`, `192.0.2.7:2376`, `[2001:db8::7]:2376`, or an IPv6 address alone. @throws ENDPOINT_INVALID */
export function parseAddress(text: string): Endpoint {
  const isAlone = !text.includes(":") || (text.split(":").length > 2 && !text.includes("["));
  return isAlone ? makeEndpoint(text, DEFAULT_PORT) : parseEndpoint(text);
}

/**
 * @param address as typed; undefined: the folder is a docker-machine's
 * @throws USAGE when nothing says where the engine is; ENDPOINT_INVALID
 */
export async function findEndpoint(
  ports: ImportPorts,
  folder: string,
  address: string | undefined,
): Promise<Endpoint> {
  if (address !== undefined) return parseAddress(address);
  const read = json.read((await ports.readFile(folder, "config.json")) ?? "", readMachine);
  if ("value" in read) return makeEndpoint(read.value.Driver.IPAddress, DEFAULT_PORT);
  throw new TetherdockError("USAGE", `nothing in ${folder} says where the engine is`, {
    why: ["only the folder of a docker-machine has its address, in config.json"],
    hints: [shellJoin(["tetherdock", "import", folder, "--address", "NAME"])],
  });
}

/** `import`: makes a line from certificates that are here already, if they work. The line has no CA key and no ssh. */
import { shellJoin, TetherdockError } from "../../base/index.ts";
import { describeObservation, type Endpoint, formatEndpoint, isAddress } from "../../engine/index.ts";
import { formatLine, isLineName, joinedLine, type LineMode, parseLineName } from "../../line/index.ts";
import type { ImportPorts } from "./ports.ts";
import { type Certificates, readSource, type Source } from "./source.ts";

const PROBE_MS = 8_000;

export interface ImportRequest {
  /** A folder with ca.pem, cert.pem and key.pem, or an archive; absolute. */
  readonly path: string;
  /** As typed; undefined: from the archive, or a docker-machine's config.json. */
  readonly address: string | undefined;
  /** Of the new line; undefined: as in the archive or config.json, else the first part of the engine's DNS name. */
  readonly name: string | undefined;
}

export interface ImportedLine {
  readonly line: string;
  readonly address: string;
  readonly mode: LineMode;
  /** The engine's version. */
  readonly engine: string;
}

/** The same command with a name, for a hint. */
const withName = ({ path, address }: ImportRequest): string =>
  shellJoin([
    ...["tetherdock", "import", path],
    ...(address === undefined ? [] : ["--address", address]),
    ...["--name", "NAME"],
  ]);

/** @throws USAGE when the address gives no name; LINE_NAME_INVALID */
function nameOf(request: ImportRequest, { name: known, endpoint: { host } }: Source): string {
  const { name } = request;
  const first = host.split(".")[0] ?? "";
  if (name !== undefined) return parseLineName(name);
  if (known !== undefined && isLineName(known)) return known;
  if (!isAddress(host) && isLineName(first)) return first;
  throw new TetherdockError("USAGE", "the new line needs a name", { hints: [withName(request)] });
}

async function requireFree({ lines }: ImportPorts, request: ImportRequest, name: string): Promise<void> {
  if (!(await lines.list()).includes(name)) return;
  throw new TetherdockError("LINE_EXISTS", `there is already a line "${name}"`, {
    hints: [withName(request), shellJoin(["tetherdock", "status", name])],
  });
}

/** @returns the engine's version, and who serves it @throws IMPORT_REFUSED, CREDENTIAL_UNUSABLE */
async function tryOut(ports: ImportPorts, endpoint: Endpoint, { ca, cert, key }: Certificates) {
  const credential = { kind: "tls", caPem: ca, identity: { certPem: cert, keyPem: key } } as const;
  const asked = await ports.askEngine(endpoint, credential, PROBE_MS);
  if (!asked.ok) {
    const address = formatEndpoint(endpoint);
    throw new TetherdockError("IMPORT_REFUSED", `the certificates do not work at ${address}`, {
      why: [describeObservation(asked.seen)],
      hints: [shellJoin(["tetherdock", "doctor", `tcp://${address}`])],
    });
  }
  const mode: LineMode = (await ports.isGateway(endpoint, credential, PROBE_MS)) ? "gateway" : "native";
  return { engine: asked.engine.version, mode };
}

/** @throws IMPORT_REFUSED, ARCHIVE_UNREADABLE, STATE_NEWER, LINE_EXISTS, LINE_PENDING, LINE_NAME_INVALID, ENDPOINT_INVALID, USAGE, FILE_FAILED */
export async function importLine(ports: ImportPorts, request: ImportRequest): Promise<ImportedLine> {
  const source = await readSource(ports, request);
  const { certificates, endpoint } = source;
  const name = nameOf(request, source);
  await requireFree(ports, request, name);
  const { engine, mode } = await tryOut(ports, endpoint, certificates);
  const line = joinedLine({ id: ports.random.hex(8), name, mode, endpoint, now: ports.clock() });
  const { ca, cert, key } = certificates;
  await ports.lines.stage(name, {
    ...{ "line.json": formatLine(line), "docker/ca.pem": ca, "docker/cert.pem": cert, "docker/key.pem": key },
  });
  await ports.lines.commit(name);
  return { line: name, address: formatEndpoint(endpoint), mode, engine };
}

/** `join` with the certificate that the operator of a native engine has sent: the host is recognised by the token. */
import { shellJoin, TetherdockError } from "../../base/index.ts";
import type { Credential } from "../../engine/index.ts";
import {
  describeObservation,
  type Endpoint,
  type EngineVersionResult,
  formatEndpoint,
  makeEndpoint,
} from "../../engine/index.ts";
import { type HostToken, parseNativeToken } from "../../identity/index.ts";
import { formatLine, joinedLine, type LineMode, type LineStore, parseLineName } from "../../line/index.ts";
import {
  canonicalPem,
  certificateBlocks,
  isClientCertificateFor,
  isIssuedBy,
  readCertificate,
} from "../../pki/index.ts";
import type { RandomPort } from "../host/index.ts";
import type { JoinedLine } from "./join.ts";
import { type NativeKeys, nativeKeyFor, requireNoLine } from "./native-request.ts";
import { isPinned } from "./proven-ca.ts";

const PROBE_MS = 8_000;

export interface NativeJoinPorts {
  readonly lines: LineStore;
  readonly keys: NativeKeys;
  readonly clock: () => number;
  readonly random: RandomPort;
  /** @throws CREDENTIAL_UNUSABLE; never because of network or peer */
  askEngine(endpoint: Endpoint, credential: Credential, timeoutMs: number): Promise<EngineVersionResult>;
  /** Whether a gateway answers there. @throws CREDENTIAL_UNUSABLE */
  isGateway(endpoint: Endpoint, credential: Credential, timeoutMs: number): Promise<boolean>;
}

function refused(message: string, why: string): TetherdockError {
  return new TetherdockError("JOIN_REFUSED", message, {
    why: [why],
    hints: ["ask whoever sent it for what tetherdock client approve has printed, all of it"],
  });
}

/** @returns the certificate and the CA's, PEM @throws JOIN_REFUSED */
function certificatesIn(text: string, { caFingerprint }: HostToken, key: string, now: number) {
  const message = "this is not the certificate for this machine";
  const blocks = certificateBlocks(text);
  if (blocks === null) throw refused(message, "it is too long");
  if (blocks.length !== 2) throw refused(message, "it must have two certificates: the client's and the CA's");
  const ca = blocks.find((pem) => isPinned(pem, [caFingerprint]));
  const certificate = blocks.find((pem) => pem !== ca);
  if (ca === undefined || certificate === undefined)
    throw refused(message, "the CA in it is not the one of the token: it is of another host");
  if (!isClientCertificateFor(certificate, key))
    throw refused(message, "the certificate is for another key, or not for a client");
  if (!isIssuedBy(certificate, ca)) throw refused(message, "the CA in it has not signed the certificate");
  if (readCertificate(certificate).notAfter <= now) throw refused(message, "the certificate has expired");
  return { certificate: canonicalPem(certificate), ca: canonicalPem(ca) };
}

/** @throws JOIN_REFUSED */
async function keptKey({ keys }: NativeJoinPorts, line: string, token: HostToken): Promise<string> {
  const text = await keys.read(line);
  const key = text === undefined ? null : nativeKeyFor(text, token);
  if (key !== null) return key;
  throw new TetherdockError("JOIN_REFUSED", `this machine has made no request for the line "${line}"`, {
    why: ["its certificate is for the key that a request was made with, and no other"],
    hints: ["tetherdock join   # with the same token; it prints a request"],
  });
}

/** @throws JOIN_REFUSED, CREDENTIAL_UNUSABLE */
async function tryOut(ports: NativeJoinPorts, endpoint: Endpoint, credential: Credential): Promise<LineMode> {
  const asked = await ports.askEngine(endpoint, credential, PROBE_MS);
  if (asked.ok) return (await ports.isGateway(endpoint, credential, PROBE_MS)) ? "gateway" : "native";
  const address = formatEndpoint(endpoint);
  throw new TetherdockError("JOIN_REFUSED", `the certificate does not work at ${address}`, {
    why: [describeObservation(asked.seen), "the key is kept: the same command can be repeated"],
    hints: [shellJoin(["tetherdock", "doctor", `tcp://${address}`])],
  });
}

/** What a killed `join` with this certificate has staged; what an interrupted `up` has left is for `up` to finish. */
async function discardLeft({ lines }: NativeJoinPorts, line: string, key: string): Promise<void> {
  if ((await lines.pending(line))?.["docker/key.pem"] === key) await lines.discard(line);
}

/**
 * @param text the token as pasted
 * @param certificates PEM, as the operator has sent them
 * @throws TOKEN_INVALID, LINE_EXISTS, LINE_PENDING, JOIN_REFUSED, CERTIFICATE_UNREADABLE, FILE_FAILED
 */
export async function joinNative(
  ports: NativeJoinPorts,
  text: string,
  name: string | undefined,
  certificates: string,
): Promise<JoinedLine> {
  const token = parseNativeToken(text);
  const line = parseLineName(name ?? token.line);
  await requireNoLine(ports, line);
  const key = await keptKey(ports, line, token);
  const endpoint = makeEndpoint(token.address, token.port);
  const { certificate, ca } = certificatesIn(certificates, token, key, ports.clock());
  const identity = { certPem: certificate, keyPem: key };
  const mode = await tryOut(ports, endpoint, { kind: "tls", caPem: ca, identity });
  await discardLeft(ports, line, key);
  const made = joinedLine({ id: ports.random.hex(8), name: line, mode, endpoint, now: ports.clock() });
  await ports.lines.stage(line, {
    "line.json": formatLine(made),
    "docker/ca.pem": ca,
    "docker/cert.pem": certificate,
    "docker/key.pem": key,
  });
  await ports.lines.commit(line);
  await ports.keys.remove(line);
  const { subject, notAfter } = readCertificate(certificate);
  return {
    ...{ line, address: formatEndpoint(endpoint), client: subject.replace(/^CN=/, "") },
    ...{ role: null, expires: new Date(notAfter).toISOString() },
  };
}

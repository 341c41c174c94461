/**
 * The line while it is being joined: staged with its key before the token is sent. If the answer gets lost, the next
 * `join` finds the key again, and the gateway lets the same key use the same token.
 */
import { TetherdockError } from "../../base/index.ts";
import type { Endpoint } from "../../engine/index.ts";
import type { JoinCredential } from "../../gateway/index.ts";
import { formatLine, joinedLine, type Line, parseLine } from "../../line/index.ts";
import { makeKeyPair, readCertificate, selfSignedClient } from "../../pki/index.ts";
import type { JoinPorts } from "./ports.ts";

/** What identifies the gateway: a key is used again only for the same one. */
export interface Wanted {
  readonly name: string;
  readonly endpoint: Endpoint;
  /** PEM. */
  readonly ca: string;
}

function lineOf({ clock, random }: JoinPorts, { name, endpoint }: Wanted): Line {
  return joinedLine({ id: random.hex(8), name, mode: "gateway", endpoint, now: clock() });
}

/** A CA that has got its next certificate meanwhile is still the same. */
const fingerprint = (pem: string) => readCertificate(pem).publicKeyFingerprint;

/** The key of an interrupted `join` of the same line; null: there is none. */
async function leftKey({ lines }: JoinPorts, { name, endpoint, ca }: Wanted): Promise<string | null> {
  const left = await lines.pending(name);
  if (left === undefined) return null;
  try {
    const { joined, address, port } = parseLine(left["line.json"] ?? "", "the pending line");
    const isSame = address === endpoint.host && port === endpoint.port;
    const { "docker/ca.pem": leftCa = "", "docker/key.pem": key } = left;
    if (joined && isSame && key !== undefined && fingerprint(leftCa) === fingerprint(ca)) return key;
    // Another `join` was interrupted; what an `up` has left is for `up` to finish.
    if (joined) await lines.discard(name);
  } catch (error) {
    if (!(error instanceof TetherdockError)) throw error;
  }
  return null;
}

/**
 * Stages the line, or finds it staged.
 * @throws LINE_EXISTS, LINE_PENDING, FILE_FAILED
 */
export async function stageJoin(ports: JoinPorts, wanted: Wanted): Promise<JoinCredential> {
  const { ca, name } = wanted;
  const left = await leftKey(ports, wanted);
  const key = left ?? makeKeyPair().privateKey;
  const certificate = await selfSignedClient(key, "tetherdock join", ports.clock());
  if (left === null)
    await ports.lines.stage(name, {
      "line.json": formatLine(lineOf(ports, wanted)),
      "docker/ca.pem": ca,
      "docker/cert.pem": certificate,
      "docker/key.pem": key,
    });
  return { ca, certificate, key };
}

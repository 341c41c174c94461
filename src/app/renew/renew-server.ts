/**
 * Renews the certificate of a gateway's host, on the machine with the line's CA key, over the admin API. Names and key are
 * those that this machine has recorded: what the gateway says cannot get it a certificate for anything else.
 */

import { json, quoteForeign, TetherdockError } from "../../base/index.ts";
import { formatEndpoint } from "../../engine/index.ts";
import type { LineStore } from "../../line/index.ts";
import { endsWithCa, issueServer, normaliseNames, publicKeyOf, readCertificate } from "../../pki/index.ts";
import { type GatewayPorts, gatewayAccess } from "../gateway-api/index.ts";
import { openLineCa, readCaKey, renewalDue } from "../lines/index.ts";
import type { RenewPorts } from "./ports.ts";

export interface ServerPorts extends GatewayPorts, Pick<RenewPorts, "clock" | "passphrase"> {
  readonly lines: LineStore;
}

const readAnswer = json.openObject<{ readonly certificate: string | null }>({
  certificate: { read: json.orNull(json.words(8_192)) },
});

/** The key of a certificate, PEM. @throws RENEW_REFUSED: it is not of the line's host */
function recordedKey(pem: string, known: readonly string[], where: string): string {
  const { publicKeyFingerprint } = readCertificate(pem);
  if (known.includes(publicKeyFingerprint)) return publicKeyOf(pem);
  throw new TetherdockError("RENEW_REFUSED", `the gateway at ${where} has another key than its host had`, {
    why: [`the SHA-256 of its key is ${quoteForeign(publicKeyFingerprint)}`],
    hints: ["run tetherdock up on this machine: it asks the host to prove its key"],
  });
}

/** The certificate that a gateway shows. */
export interface RenewedServer {
  readonly renewed: boolean;
  /** When it ends now, ms since the epoch. */
  readonly until: number;
}

/**
 * @returns null: this machine does not sign for the host, or the gateway does not listen on TCP
 * @throws GATEWAY_UNREACHABLE, GATEWAY_REFUSED, RENEW_REFUSED, CA_…, PROMPT_IMPOSSIBLE
 */
export async function renewServer(ports: ServerPorts, name: string): Promise<RenewedServer | null> {
  const { lines, gateway, clock } = ports;
  const line = await lines.read(name);
  const caKey = await readCaKey(lines, name);
  if (line.mode !== "gateway" || line.joined || caKey === undefined) return null;
  const access = await gatewayAccess(ports, name);
  const { certificate } = await gateway.call(access, { method: "GET", path: "certificate" }, readAnswer);
  if (certificate === null) return null;
  const [facts, ca] = [readCertificate(certificate), readCertificate(access.caPem)];
  if (endsWithCa(facts, ca) || renewalDue(facts) > clock()) return { renewed: false, until: facts.notAfter };
  const publicKey = recordedKey(certificate, line.host.serverKeys, formatEndpoint(access.endpoint));
  const authority = await openLineCa(ports, name, access.caPem, caKey);
  const issued = await issueServer(authority, {
    ...{ publicKey, names: normaliseNames(line.addresses), now: clock() },
  });
  await gateway.call(
    access,
    { method: "PUT", path: "certificate", body: { certificate: issued } },
    readAnswer,
  );
  return { renewed: true, until: readCertificate(issued).notAfter };
}

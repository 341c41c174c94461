/**
 * Certificates for the clients of a native line whose CA was replaced. They keep their keys. Each file has the client's
 * certificate, the new CA, and the new CA as the old one has certified it, by which the client's machine recognises it.
 */
import { formatBundle, issueClient } from "../../../pki/index.ts";
import type { ApprovalRecord } from "../../approve/index.ts";
import type { UpPorts } from "../ports.ts";
import type { CaReplacement, Prepared } from "../prepared.ts";

async function signed({ clock }: UpPorts, { identity }: Prepared, cross: string, client: ApprovalRecord) {
  const { name, publicKey, expires } = client;
  const options = { publicKey, commonName: name, now: clock() };
  const until = expires === null ? {} : { until: Date.parse(expires) };
  const certificate = await issueClient(identity.authority, { ...options, ...until });
  return { name, text: certificate + formatBundle({ authorities: [identity.ca], crosses: [cross] }) };
}

/** A client of a native line, and the file that its machine needs. */
export interface Reissued {
  readonly name: string;
  readonly path: string;
}

/**
 * First, who is revoked loses what this machine could sign again by. The names that were typed go last: after an interruption
 * the others are found by their keys.
 */
export async function reissue(
  ports: UpPorts,
  prepared: Prepared,
  { revokes, cross }: CaReplacement,
): Promise<readonly Reissued[]> {
  const { line, reissued, twins } = prepared;
  for (const name of [...twins, ...revokes]) await ports.approvals.write(line.name, name, undefined);
  const files = [];
  for (const client of reissued) files.push(await signed(ports, prepared, cross, client));
  const paths = await ports.reissued(line.name, files);
  return files.map(({ name }, at) => ({ name, path: paths[at] ?? "" }));
}

/** What a transaction on the host needs, from what was prepared. */
import type { HostShell } from "../../../facts/index.ts";
import type { Plan, TransactionParts } from "../../../host/index.ts";
import { issueServer, readCertificate } from "../../../pki/index.ts";
import { requireKeyHeld } from "../../host/index.ts";
import type { UpPorts } from "../ports.ts";
import type { Prepared } from "../prepared.ts";

/** The certificate that was made, and the key it is for. */
export interface Signed {
  readonly certificate: string;
  readonly serverKey: string;
}

/** @param onSigned called when the host has got a certificate */
export function transactionParts(
  ports: UpPorts,
  { facts, line, identity, names, gateway, request }: Prepared,
  plan: Plan,
  shell: HostShell,
  onSigned: (signed: Signed) => void,
): TransactionParts {
  const now = ports.clock();
  const at = new Date(now).toISOString();
  return {
    shell,
    plan,
    number: Math.max(0, ...facts.transactions.map(({ number }) => number)) + 1,
    about: {
      lineId: line.id,
      lineName: line.name,
      port: line.port,
      exposedPorts: plan.exposedPorts,
      by: ports.laptop.operator(),
      at,
      version: ports.laptop.version,
    },
    sockets: facts.sockets.map(({ unit }) => unit),
    confirmWithinMs: request.confirmWithin,
    publicKey: facts.ours.publicKey,
    staging: `/var/tmp/tetherdock-${ports.random.uuid()}`,
    payload: (file) => {
      if (!gateway) throw new Error(`nothing is sent to a host without a gateway: ${file.path}`);
      return gateway.executable.payload(file);
    },
    sign: async (publicKey) => {
      await requireKeyHeld(ports.random, shell, publicKey, line.id);
      const certificate = await issueServer(identity.authority, { publicKey, names: names.named, now });
      onSigned({ certificate, serverKey: readCertificate(certificate).publicKeyFingerprint });
      return certificate;
    },
    onStep: ({ id, title }) => ports.report({ kind: "step", id, title }),
  };
}

/**
 * A server certificate that an admin sent, kept beside the client list: the gateway cannot write to /etc. It is used
 * instead of the one that `up` installed while it is for the same key, CA and names, and ends later.
 */
import { dirname, join } from "node:path";
import type { Clock } from "../../../base/index.ts";
import type { GatewayConfig, ServerCertificate } from "../../../gateway/index.ts";
import { canonicalPem, covers, isIssuedBy, readCertificate, sameKey } from "../../../pki/index.ts";
import { writeAtomically } from "../../files/atomic-file.ts";
import { readIfThere } from "../../files/file-error.ts";
import { readTlsMaterial, type TlsMaterial } from "./tls-context.ts";

const pathOf = (clients: string): string => join(dirname(clients), "renewed-server-cert.pem");

/** @returns why this certificate cannot replace the one in the material; null: it can */
export function problemOfSuccessor(pem: string, { ca, certificate, key }: TlsMaterial): string | null {
  try {
    const [next, now] = [readCertificate(pem), readCertificate(certificate)];
    if (!sameKey(pem, key)) return "it is for another key";
    if (!isIssuedBy(pem, ca)) return "it is not of the line's CA";
    if (!next.usages.includes("serverAuth")) return "it is not for servers";
    if (!covers(next, now.names) || !covers(now, next.names)) return "its names have changed";
    return next.notAfter > now.notAfter ? null : "it does not end later than the one in use";
  } catch (error) {
    return (error as Error).message;
  }
}

/** @returns the material with the certificate that is to be served @throws FILE_FAILED */
export async function withSuccessor(material: TlsMaterial, clients: string): Promise<TlsMaterial> {
  const pem = await readIfThere(pathOf(clients));
  if (pem === undefined || problemOfSuccessor(pem, material) !== null) return material;
  return { ...material, certificate: pem };
}

/** @param reload puts what was written in force */
export function serverCertificate(
  config: () => GatewayConfig,
  clock: Clock,
  reload: () => Promise<unknown>,
): ServerCertificate {
  const inForce = async (): Promise<TlsMaterial | null> => {
    const { tls, clients } = config();
    return tls === null ? null : withSuccessor(await readTlsMaterial(tls), clients);
  };
  return {
    read: async () => (await inForce())?.certificate ?? null,
    async replace(pem) {
      const material = await inForce();
      if (material === null) return "this gateway does not listen on TCP";
      const problem = problemOfSuccessor(pem, material);
      if (problem !== null) return problem;
      const { notBefore, notAfter } = readCertificate(pem);
      if (notBefore > clock() || notAfter <= clock()) return "it is not valid now, by this host's clock";
      await writeAtomically(pathOf(config().clients), canonicalPem(pem), 0o600);
      await reload();
      return null;
    },
  };
}

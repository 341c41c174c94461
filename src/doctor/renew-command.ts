/** Which command renews a certificate of a line before it ends. */
import { shellJoin } from "../base/index.ts";
import { type CertificateFacts, endsWithCa, readCertificate } from "../pki/index.ts";
import { upCommand } from "./endpoint-view.ts";
import type { EndpointReport, Subject, SubjectLine } from "./subject.ts";

const renew = ({ name }: SubjectLine): string => shellJoin(["tetherdock", "renew", name]);

/** Once a certificate ends with its CA, only a CA that lasts longer helps: `up` renews that, where the line was set up. */
const endsLast = (facts: CertificateFacts, { ca }: SubjectLine): boolean =>
  endsWithCa(facts, readCertificate(ca));

/**
 * For the certificate of a line's host, which is still valid.
 * @param reports of the endpoints that show it
 */
export function renewHostCommand(
  subject: Subject,
  facts: CertificateFacts,
  reports: readonly EndpointReport[],
): string {
  const { line, upTarget } = subject;
  const isLines = reports.some(({ why }) => why === "line");
  if (line?.mode !== "gateway" || !isLines || endsLast(facts, line))
    return `${upCommand(subject)}   # issues a new one; in native mode, restarts docker`;
  return upTarget === undefined
    ? `${renew(line)}   # on the machine where the line was set up: it has the CA key`
    : `${renew(line)}   # needs no ssh, and nothing restarts`;
}

/** For the certificate of this machine, which may have ended: a gateway renews it for 30 days more, and a CA key at any time. */
export function renewOwnCommand(subject: Subject, line: SubjectLine): string {
  const { upTarget } = subject;
  if (upTarget !== undefined && endsLast(readCertificate(line.certificate), line))
    return `${upCommand(subject)}   # renews the CA too; docker does not restart`;
  return upTarget === undefined && line.mode === "native"
    ? "tetherdock import --help   # with a new certificate, from whoever set the line up"
    : `${renew(line)}   # docker does not restart`;
}

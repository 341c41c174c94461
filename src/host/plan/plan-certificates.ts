/** Decides which of the host's key, certificate and client CA must be made again. */

import type { FileFact, HostFacts } from "../../facts/index.ts";
import { dueForRenewal, isIssuedBy, readCertificate, type San, sameKey } from "../../pki/index.ts";
import { type Change, writeUnlessSame } from "./change.ts";
import type { DesiredState } from "./desired-state.ts";

/** Paths of the three files. */
export interface CertificatePaths {
  readonly key: string;
  readonly certificate: string;
  readonly ca: string;
}

function sameNames(a: readonly San[], b: readonly San[]): boolean {
  const text = (names: readonly San[]) => names.map((name) => `${name.type}:${name.value}`).toSorted();
  return text(a).join() === text(b).join();
}

/** Why the certificate on the host must be replaced; null if it need not be. */
function reissueReason(facts: HostFacts, desired: DesiredState, now: FileFact | undefined): string | null {
  if (!now || !facts.ours.publicKey) return "proves to clients that this is the right host";
  let certificate: ReturnType<typeof readCertificate>;
  try {
    certificate = readCertificate(now.text);
  } catch {
    return "the existing certificate cannot be read";
  }
  if (!sameKey(now.text, facts.ours.publicKey)) return "the existing certificate is for another key";
  if (!isIssuedBy(now.text, desired.ca)) return "the existing certificate is from another CA";
  if (!sameNames(certificate.names, desired.names)) return "its names or addresses have changed";
  return dueForRenewal(certificate, readCertificate(desired.ca), desired.now) ? "it expires soon" : null;
}

function planCa(desired: DesiredState, before: FileFact | undefined, path: string): Change[] {
  const reason = desired.caReason ?? "only clients with a certificate from this line's CA get in";
  const write = { path, after: desired.ca, mode: "644", reason } as const;
  if (desired.isCaMade) return [{ kind: "write", before: before ?? null, ...write }];
  return writeUnlessSame(before, write);
}

/** Key, CA and certificate, in the order of their creation. */
export function planCertificates(facts: HostFacts, desired: DesiredState, paths: CertificatePaths): Change[] {
  const certificate = facts.ours.files.get(paths.certificate);
  const reason = reissueReason(facts, desired, certificate);
  const key: Change[] = facts.ours.publicKey
    ? []
    : [{ kind: "key", path: paths.key, reason: "made on the host, and never leaves it" }];
  const issue: Change[] = reason
    ? [
        {
          kind: "certificate",
          path: paths.certificate,
          before: certificate ?? null,
          names: desired.names,
          reason,
        },
      ]
    : [];
  return [...key, ...planCa(desired, facts.ours.files.get(paths.ca), paths.ca), ...issue];
}

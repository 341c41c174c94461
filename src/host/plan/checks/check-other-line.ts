/** A line whose journal is gone or unreadable: its owner is unknown, so it counts as somebody else's. */
import { TetherdockError } from "../../../base/index.ts";
import { CLIENT_CA, type HostFacts, JOURNAL } from "../../../facts/index.ts";
import type { DesiredState } from "../desired-state.ts";

/**
 * With a journal the id identifies the host's line, before there is a plan.
 * @throws HOST_TLS_FOREIGN where the host admits another CA's clients, and no journal says whose
 */
export function checkOtherLine({ transactions, ours }: HostFacts, { ca, replaceTls }: DesiredState): void {
  const there = ours.files.get(CLIENT_CA);
  if (!there || there.text === ca || replaceTls) return;
  if (transactions.some(({ state, about }) => state === "confirmed" && about !== null)) return;
  throw new TetherdockError("HOST_TLS_FOREIGN", "the host has a line whose journal is missing", {
    why: [
      `clients are checked against ${CLIENT_CA}, which belongs to no line on this machine`,
      `its owner was recorded in ${JOURNAL}; replacing the CA locks out everybody with a certificate from it`,
    ],
    hints: [`openssl x509 -noout -subject -in ${CLIENT_CA}   # on the host`],
    retype: [{ option: "replace-tls" }],
  });
}

/** From the proofs to a verdict on the line: proven, or the error that says what stands in the way. */
import { TetherdockError } from "../../base/index.ts";
import type { HostShell } from "../../facts/index.ts";
import { openPortHints, parseReach, reachScript } from "../../host/index.ts";
import type { AddressProof } from "./prove-line.ts";

/** Proofs that the line falls with. */
export function failuresOf(proofs: readonly AddressProof[]): AddressProof[] {
  return proofs.filter(({ required, state }) => required && state !== "proven");
}

function attemptsOf(failures: readonly AddressProof[]) {
  return failures.flatMap(({ verdicts }) =>
    verdicts.filter(({ ok }) => !ok).map(({ says, state }) => ({ what: state, why: says })),
  );
}

async function unreachable(shell: HostShell, failure: AddressProof, failures: readonly AddressProof[]) {
  const { port, host } = failure.target.endpoint;
  const reach = parseReach((await shell.run(reachScript(port))).stdout);
  const wall = reach.firewalls.length > 0 ? ` (the host runs ${reach.firewalls.join(", ")})` : "";
  const between = {
    timeout: `packets to it are dropped: a firewall is in between${wall}`,
    refused: `something in between refuses: a firewall that rejects, or another machine answers for ${host}${wall}`,
    dns: "its name does not resolve here",
    "no-route": "this machine has no route to it",
  }[failure.cause as "timeout"];
  return new TetherdockError(
    "NOT_REACHABLE",
    `TCP ${port} of ${failure.target.serverName} cannot be reached from here`,
    {
      why: [
        reach.listening ? `docker listens on TCP ${port} on the host` : "nothing listens there",
        between ?? failure.reason,
      ],
      hints: openPortHints(reach, port),
      attempts: attemptsOf(failures),
    },
  );
}

/** @throws NOT_REACHABLE, NOT_PROVEN */
export async function requireProven(shell: HostShell, proofs: readonly AddressProof[]): Promise<void> {
  const failures = failuresOf(proofs);
  const [first] = failures;
  if (!first) return;
  if (failures.every(({ state }) => state === "unreachable")) throw await unreachable(shell, first, failures);
  const worst = failures.find(({ state }) => state === "exposed") ?? first;
  throw new TetherdockError("NOT_PROVEN", worst.reason, {
    why: ["your certificate must get in and nothing else may; this was seen from here"],
    attempts: attemptsOf(failures),
  });
}

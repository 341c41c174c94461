/** Judges the proofs of a line: proven, or an error that says why not. */
import { TetherdockError } from "../../../base/index.ts";
import type { HostShell } from "../../../facts/index.ts";
import type { AddressProof } from "../../../host/index.ts";
import { openPortHints, parseReach, reachScript } from "../../../host/index.ts";
import type { LineMode } from "../../../line/index.ts";
import { retyped, type UpRequest } from "../request.ts";

/** Proofs that fail the line. */
export function failuresOf(proofs: readonly AddressProof[]): AddressProof[] {
  return proofs.filter(({ required, state }) => required && state !== "proven");
}

function attemptsOf(failures: readonly AddressProof[]) {
  return failures.flatMap(({ verdicts }) =>
    verdicts.filter(({ ok }) => !ok).map(({ says, state }) => ({ what: state, why: says })),
  );
}

// If nothing answers, one probe says as much as six.
function probesAt(failures: readonly AddressProof[]) {
  const ours = ({ verdicts }: AddressProof) => verdicts.filter((verdict) => verdict.case.kind === "line");
  return attemptsOf(failures.map((failure) => ({ ...failure, verdicts: ours(failure) })));
}

/** A name with several addresses, of which others work: the line can do without the name. */
function wayAround({ target }: AddressProof, proofs: readonly AddressProof[], request: UpRequest): string[] {
  const other = proofs.find(
    (proof) => proof.state === "proven" && proof.target.serverName === target.serverName,
  );
  const address = other?.target.endpoint.host;
  return address ? [`${retyped(request, { address })}   # this address is proven`] : [];
}

/** Who should listen, by the mode. */
const SILENT = {
  native: {
    why: ["docker is running, but what its unit starts did not pass the new flags to dockerd"],
    hints: ["systemctl cat docker.service   # on the host: a shell or a wrapper in ExecStart?"],
  },
  gateway: {
    why: ["tetherdock-gateway.service was started, but it does not listen"],
    hints: [
      "systemctl status tetherdock-gateway.service   # on the host",
      "journalctl -u tetherdock-gateway.service -n 50   # on the host",
    ],
  },
} as const;

function notListening(name: string, port: number, mode: LineMode): TetherdockError {
  return new TetherdockError("NOT_REACHABLE", `nothing listens on TCP ${port} of ${name}`, SILENT[mode]);
}

/** What the proof was for. */
interface Asked {
  readonly request: UpRequest;
  readonly mode: LineMode;
}

async function unreachable(
  shell: HostShell,
  failure: AddressProof,
  failures: readonly AddressProof[],
  proofs: readonly AddressProof[],
  { request, mode }: Asked,
) {
  const { port, host } = failure.target.endpoint;
  const reach = parseReach((await shell.run(reachScript(port))).stdout);
  if (!reach.listening) return notListening(failure.target.serverName, port, mode);
  const wall = reach.firewalls.length > 0 ? ` (the host runs ${reach.firewalls.join(", ")})` : "";
  const between = {
    timeout: `packets are dropped: a firewall blocks them${wall}`,
    refused: `the connection is refused: a firewall rejects it, or another machine answers for ${host}${wall}`,
    dns: "its name does not resolve here",
    "no-route": "this machine has no route to it",
  }[failure.cause as "timeout"];
  return new TetherdockError(
    "NOT_REACHABLE",
    `TCP ${port} of ${failure.target.serverName} cannot be reached from here`,
    {
      why: [`on the host itself, TCP ${port} is listening`, between ?? failure.reason],
      hints: [...openPortHints(reach, port), ...wayAround(failure, proofs, request)],
      attempts: probesAt(failures),
    },
  );
}

/** @throws NOT_REACHABLE, NOT_PROVEN */
export async function requireProven(
  shell: HostShell,
  proofs: readonly AddressProof[],
  asked: Asked,
): Promise<void> {
  const failures = failuresOf(proofs);
  const [first] = failures;
  if (!first) return;
  if (failures.every(({ state }) => state === "unreachable"))
    throw await unreachable(shell, first, failures, proofs, asked);
  const worst = failures.find(({ state }) => state === "exposed") ?? first;
  throw new TetherdockError("NOT_PROVEN", worst.reason, {
    why: ["your certificate must get in and nothing else may; this machine saw:"],
    attempts: attemptsOf(failures),
  });
}

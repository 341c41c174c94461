/** Working TLS that somebody else set up: only the user decides to replace it. */
import { TetherdockError } from "../../../base/index.ts";
import { CLIENT_CA, type HostFacts, jsonTls, SERVICE_DROP_IN } from "../../../facts/index.ts";
import type { DesiredState } from "../desired-state.ts";
import { exposedPorts, type Survey } from "../survey.ts";
import { checkOtherLine } from "./check-other-line.ts";

// An earlier `up` was told to replace them: the flags are still in the files, but overridden.
function isReplaced({ ours }: HostFacts): boolean {
  return /^ExecStart=/m.test(ours.files.get(SERVICE_DROP_IN)?.text ?? "");
}

/**
 * If every port speaks plain HTTP despite the TLS flags (pitfall 2), no clients depend on them, and they do not stop
 * `up`.
 * @throws HOST_TLS_FOREIGN
 */
export function checkForeignTls(facts: HostFacts, survey: Survey, desired: DesiredState): void {
  checkOtherLine(facts, desired);
  const { command, json, apiPorts, claimsTls } = survey;
  const inFlags = command.tls.get("tlscacert");
  const ca = inFlags ?? jsonTls(json).get("tlscacert");
  const serves = exposedPorts(survey, desired.plainPorts).length < apiPorts.length;
  if (!claimsTls || !serves || ca === CLIENT_CA || isReplaced(facts) || desired.replaceTls) return;
  const place = inFlags ? command.path : "daemon.json";
  throw new TetherdockError(
    "HOST_TLS_FOREIGN",
    "docker on the host already uses TLS, set up by somebody else",
    {
      why: [
        `clients are checked against ${ca ?? "its default CA"}, set in ${place}`,
        "dockerd accepts one CA only: replacing it locks out everybody with a certificate from that CA",
      ],
      hints: ["ask them for a client certificate"],
      retype: [{ option: "replace-tls" }],
    },
  );
}

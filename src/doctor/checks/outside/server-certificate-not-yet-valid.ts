import { formatTime, withFault } from "../../certificate-faults.ts";
import { defineCheck } from "../../check.ts";
import { upCommand } from "../../endpoint-view.ts";

/** Nearly always a wrong clock: the laptop's, or the issuer's at that time. */
export const serverCertificateNotYetValid = defineCheck({
  id: "server-certificate-not-yet-valid",
  states: "the server's certificate is already valid",
  needs: ["outside"],
  severity: "medium",
  consequence: "no client that verifies the server can connect before that time",
  reference: "https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5",
  run: (subject) =>
    withFault(subject, "not-yet-valid").map(({ facts, where }) => ({
      where,
      says: `the server's certificate is only valid from ${formatTime(facts.notBefore)}`,
      evidence: [
        `this machine's clock says ${formatTime(subject.now)}`,
        `valid from ${formatTime(facts.notBefore)}, serial ${facts.serial}`,
      ],
      fix: [
        "date -u   # here and on the host: is one of the clocks wrong?",
        `${upCommand(subject)}   # issues a new one, once the clocks are right`,
      ],
    })),
});

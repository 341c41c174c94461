import { formatSpan, formatTime, severityBefore, withFault } from "../../certificate-faults.ts";
import { defineCheck } from "../../check.ts";
import { renewHostCommand } from "../../renew-command.ts";

/** From here on `up` renews, and a gateway's is due for `renew` long before; in the last week it is urgent. */
export const serverCertificateExpiresSoon = defineCheck({
  id: "server-certificate-expires-soon",
  states: "the server's certificate is valid for another 30 days",
  needs: ["outside"],
  severity: "low",
  consequence:
    "after that, no client that verifies the server can connect; in native mode, a renewal restarts docker",
  reference: "https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5",
  fixedByUp: true,
  run: (subject) =>
    withFault(subject, "expires-soon").map(({ facts, reports, where }) => {
      const left = facts.notAfter - subject.now;
      return {
        where,
        says: `the server's certificate expires in ${formatSpan(left)}`,
        evidence: [`valid until ${formatTime(facts.notAfter)}, serial ${facts.serial}`],
        fix: [renewHostCommand(subject, facts, reports)],
        severity: severityBefore(left),
      };
    }),
});

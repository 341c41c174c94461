import { formatSpan, formatTime, withFault } from "../../certificate-faults.ts";
import { defineCheck } from "../../check.ts";
import { upCommand } from "../../endpoint-view.ts";

/** Every client refuses it, ours included. */
export const serverCertificateExpired = defineCheck({
  id: "server-certificate-expired",
  states: "the server's certificate has not expired",
  needs: ["outside"],
  severity: "medium",
  consequence: "clients that verify the server cannot connect, and people turn verification off",
  reference: "https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5",
  fixedByUp: true,
  run: (subject) =>
    withFault(subject, "expired").map(({ facts, where }) => ({
      where,
      says: `the server's certificate expired ${formatSpan(subject.now - facts.notAfter)} ago`,
      evidence: [`valid until ${formatTime(facts.notAfter)}, serial ${facts.serial}`],
      fix: [`${upCommand(subject)}   # issues a new one; in native mode, restarts docker`],
    })),
});

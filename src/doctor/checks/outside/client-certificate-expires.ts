import { defineCheck } from "../../check.ts";
import { renewOwnCommand } from "../../renew-command.ts";
import { endingProblem } from "./own-certificate.ts";

/** Ours. */
export const clientCertificateExpires = defineCheck({
  id: "client-certificate-expires",
  states: "the line's client certificate is valid for another 30 days",
  needs: ["line"],
  severity: "low",
  consequence: "after that, the engine refuses every command over this line",
  reference: "tetherdock help security",
  fixedByUp: true,
  run: (subject) => {
    const { line, now } = subject;
    return endingProblem(line.certificate, now, {
      where: `line ${line.name}, docker/cert.pem`,
      whose: "the line's client certificate",
      fix: [renewOwnCommand(subject, line)],
    });
  },
});

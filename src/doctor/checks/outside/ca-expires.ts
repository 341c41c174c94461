import { defineCheck } from "../../check.ts";
import { upCommand } from "../../endpoint-view.ts";
import { endingProblem } from "./own-certificate.ts";

/** When the CA expires, the server's and all clients' certificates become invalid. */
export const caExpires = defineCheck({
  id: "ca-expires",
  states: "the line's CA is valid for another 30 days",
  needs: ["line"],
  severity: "low",
  consequence: "when the CA expires, no certificate of the line is valid any more",
  reference: "tetherdock help security",
  run: (subject) =>
    endingProblem(subject.line.ca, subject.now, {
      where: `line ${subject.line.name}, docker/ca.pem`,
      whose: "the line's CA",
      fix: [`tetherdock down ${subject.line.name}`, `${upCommand(subject)}   # makes a new CA`],
    }),
});

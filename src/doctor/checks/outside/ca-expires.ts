import { DAY_MS } from "../../../base/index.ts";
import { defineCheck } from "../../check.ts";
import { upCommand } from "../../endpoint-view.ts";
import { endingProblem } from "./own-certificate.ts";

const YEAR_MS = 365 * DAY_MS;

/** In the last year, what the CA signs ends with it; where the line was set up, `up` renews it (ADR 0032). */
export const caExpires = defineCheck({
  id: "ca-expires",
  states: "the line's CA is valid for another year; on a machine that joined the line, for another 30 days",
  needs: ["line"],
  severity: "low",
  consequence: "when the CA expires, no certificate of the line is valid any more",
  reference: "tetherdock help security",
  run: (subject) =>
    endingProblem(subject.line.ca, subject.now, {
      where: `line ${subject.line.name}, docker/ca.pem`,
      whose: "the line's CA",
      ...(subject.upTarget === undefined
        ? {
            fix: [
              `tetherdock renew --force ${subject.line.name}   # after tetherdock up where the line was set up`,
            ],
          }
        : {
            window: YEAR_MS,
            fix: [`${upCommand(subject)}   # the CA keeps its key, and gets ten more years`],
          }),
    }),
});

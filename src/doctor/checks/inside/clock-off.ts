import { MINUTE_MS } from "../../../base/index.ts";
import { clockSkew } from "../../../facts/index.ts";
import { defineCheck } from "../../check.ts";

/** Certificates have dates, so the clocks of both sides must agree. */
export const clockOff = defineCheck({
  id: "clock-off",
  states: "the clocks of the host and this machine agree within five minutes",
  needs: ["inside"],
  severity: "medium",
  consequence: "certificates are not yet valid, or no longer valid, on one of the two sides",
  reference: "RFC 5280 section 4.1.2.5",
  run: ({ inside, now }) => {
    const skew = clockSkew(inside.facts, now);
    if (skew === null) return [];
    const minutes = Math.round(Math.abs(skew) / MINUTE_MS);
    return [
      {
        where: "clock",
        says: `the host's clock is ${minutes} minutes ${skew > 0 ? "ahead of" : "behind"} this machine's`,
        evidence: [
          `host:         ${new Date(now + skew).toISOString()}`,
          `this machine: ${new Date(now).toISOString()}`,
        ],
        fix: [
          "date -u   # on both machines: which one is right?",
          "timedatectl set-ntp true   # on that one, as root",
        ],
      },
    ];
  },
});

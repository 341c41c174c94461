import { shellQuote, visible } from "../../../base/index.ts";
import { defineCheck } from "../../check.ts";

/** The keys of the line on this machine. */
export const clientKeyMode = defineCheck({
  id: "client-key-mode",
  states: "the line's keys on this machine are readable by their owner alone",
  needs: ["line"],
  severity: "high",
  consequence: "every user of this machine who reads the key is root on the host",
  reference: "tetherdock help security",
  run: ({ line }) =>
    line.exposedKeys.map((path) => ({
      where: visible(path),
      says: "others on this machine can read a private key of the line",
      evidence: [`group or others have permissions on ${visible(path)}`],
      fix: [`chmod 600 ${shellQuote(visible(path))}`],
    })),
});

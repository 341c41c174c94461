import { shellQuote, visible } from "../../../base/index.ts";
import { defineCheck } from "../../check.ts";

/** The keys of the line on this machine. */
export const clientKeyMode = defineCheck({
  id: "client-key-mode",
  states: "only their owner can read the line's keys on this machine",
  needs: ["line"],
  severity: "high",
  consequence: "anybody on this machine who reads the key is root on the host",
  reference: "tetherdock help security",
  run: ({ line }) =>
    line.exposedKeys.map((path) => ({
      where: visible(path),
      says: "other users on this machine can read a private key of the line",
      evidence: [`group or others have permissions on ${visible(path)}`],
      fix: [`chmod 600 ${shellQuote(visible(path))}`],
    })),
});

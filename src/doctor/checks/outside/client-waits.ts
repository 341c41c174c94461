import { shellJoin } from "../../../base/index.ts";
import { defineCheck } from "../../check.ts";

export const clientWaits = defineCheck({
  id: "client-waits",
  states: "no machine waits for you to approve its key",
  needs: ["gateway"],
  severity: "info",
  consequence:
    "until you approve or deny its request, the machine cannot join; a request waits for seven days",
  reference: "tetherdock help clients",
  run: ({ line: { name, waiting } }) =>
    waiting.map((client) => ({
      where: `line ${name}`,
      says: `${client} asks to join`,
      evidence: [],
      fix: [
        `${shellJoin(["tetherdock", "client", "approve", client, "--line", name])}   # compare the fingerprint that join has printed there`,
        `${shellJoin(["tetherdock", "client", "rm", client, "--line", name])}   # deny the request`,
      ],
    })),
});

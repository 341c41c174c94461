import { visible } from "../../../base/index.ts";
import { withFault } from "../../certificate-faults.ts";
import { defineCheck } from "../../check.ts";
import { upCommand } from "../../endpoint-view.ts";

/** A client certificate on a server: Go refuses it. */
export const serverCertificateUsage = defineCheck({
  id: "server-certificate-usage",
  states: "the server's certificate is meant for servers",
  needs: ["outside"],
  severity: "medium",
  consequence: "docker rejects the server because of an incompatible key usage",
  reference: "https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.12",
  fixedByUp: true,
  run: (subject) =>
    withFault(subject, "usage").map(({ facts, where }) => ({
      where,
      says: "the server's certificate is not for serverAuth",
      evidence: [`extended key usage: ${visible(facts.usages.join(", "))}, serial ${facts.serial}`],
      fix: [`${upCommand(subject)}   # issues a new one and restarts docker`],
    })),
});

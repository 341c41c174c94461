import { visible } from "../../../base/index.ts";
import { withFault } from "../../certificate-faults.ts";
import { defineCheck } from "../../check.ts";
import { upCommand } from "../../endpoint-view.ts";

/** Somebody else has set the host up again, another host has its address, or somebody intercepts the connection. */
export const serverCertificateOtherCa = defineCheck({
  id: "server-certificate-other-ca",
  states: "the server's certificate was issued by the line's CA",
  needs: ["outside", "line"],
  severity: "medium",
  consequence:
    "clients of the line cannot connect: this may be another machine, or somebody intercepting the connection",
  reference: "https://www.rfc-editor.org/rfc/rfc5280#section-6.1",
  run: (subject) =>
    withFault(subject, "other-ca").map(({ facts, where }) => ({
      where,
      says: "the server's certificate was not issued by the line's CA",
      evidence: [
        `issuer: ${visible(facts.issuer).slice(0, 100) || "none"}`,
        `SHA-256 of the certificate: ${facts.fingerprint}`,
      ],
      fix: [
        "openssl x509 -noout -fingerprint -sha256 -in /etc/tetherdock/server-cert.pem   # on the host: is it this one?",
        `${upCommand(subject)}   # if the host is yours and was set up again`,
      ],
    })),
});

import { visible } from "../../../base/index.ts";
import type { CertificateFacts } from "../../../pki/index.ts";
import { withFault } from "../../certificate-faults.ts";
import { defineCheck } from "../../check.ts";
import { upCommand } from "../../endpoint-view.ts";
import { isIP } from "./is-ip.ts";

const MAX_NAMES = 12;

function statement({ names, subject }: CertificateFacts, dialled: readonly string[]): string {
  const wanted = dialled.join(", ");
  if (names.length === 0 && /(?:^|, )CN=/.test(subject))
    return `the server's certificate carries a common name only, which clients no longer read`;
  if (names.length === 0) return "the server's certificate carries no name at all";
  if (dialled.every(isIP) && names.every(({ type }) => type === "dns"))
    return `the server's certificate is for names only, and clients dial ${dialled.length === 1 ? "the address" : "the addresses"} ${wanted}`;
  return `the server's certificate is not for ${wanted}`;
}

/** By subjectAltName alone, as Go has it since 1.15: the common name counts for nothing. */
export const serverCertificateName = defineCheck({
  id: "server-certificate-name",
  states: "the server's certificate is for the name or address that clients use",
  needs: ["outside"],
  severity: "medium",
  consequence: "docker and every client that verifies the server refuse to connect by that name",
  reference: "https://www.rfc-editor.org/rfc/rfc9525#section-6.3",
  fixedByUp: true,
  run: (subject) =>
    withFault(subject, "name").map(({ facts, reports, where }) => {
      const dialled = [...new Set(reports.map(({ serverName }) => serverName))];
      const shown = facts.names.slice(0, MAX_NAMES).map(({ value }) => visible(value));
      return {
        where,
        says: statement(facts, dialled),
        evidence: [
          `dialled as ${dialled.join(", ")}`,
          `subjectAltName: ${shown.join(", ") || "none"}; subject: ${visible(facts.subject).slice(0, 100) || "none"}`,
        ],
        fix: [
          `${upCommand(subject)}${dialled.map((name) => ` --san ${name}`).join("")}   # issues a new one`,
        ],
      };
    }),
});

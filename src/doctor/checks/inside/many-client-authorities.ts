import { shellQuote, visible } from "../../../base/index.ts";
import { defineCheck, type Severity } from "../../check.ts";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----/g;
/** Two or three may be a change of CAs under way; so many is a bundle of public ones. */
const BUNDLE = 10;

/** dockerd admits clients of every CA in its CA file. */
export const manyClientAuthorities = defineCheck({
  id: "many-client-authorities",
  states: "the engine accepts clients of one CA only",
  needs: ["inside"],
  severity: "low",
  consequence:
    "each CA in the file can issue certificates that give root on the host; a public CA issues them to anybody",
  reference: "https://docs.docker.com/engine/security/protect-access/",
  run: ({ inside }) =>
    inside.certificates
      .filter(({ role }) => role === "ca")
      .flatMap(({ path, pem }) => {
        const count = pem.match(CERTIFICATE)?.length ?? 0;
        if (count < 2) return [];
        const severity: Severity = count > BUNDLE ? "high" : "low";
        return [
          {
            where: visible(path),
            says: visible(`${path} contains ${count} CAs, and dockerd accepts clients of each`),
            evidence: [visible(`${path}: ${count} certificates, named by --tlscacert`)],
            fix: [
              `openssl storeutl -noout -text -certs ${shellQuote(visible(path))} | grep Subject:   # on the host: whose are they?`,
            ],
            severity,
          },
        ];
      }),
});

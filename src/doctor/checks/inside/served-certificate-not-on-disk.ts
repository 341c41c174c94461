import { visible } from "../../../base/index.ts";
import { formatEndpoint } from "../../../engine/index.ts";
import { type CertificateFacts, readCertificate } from "../../../pki/index.ts";
import { defineCheck } from "../../check.ts";
import { servedCertificate } from "../../endpoint-view.ts";
import { isEngine, listenersOn } from "../../listening.ts";

/** Null for what cannot be read: that is another check's business. */
function read(pem: string): CertificateFacts | null {
  try {
    return readCertificate(pem);
  } catch {
    return null;
  }
}

const describe = ({ serial, notAfter }: CertificateFacts): string =>
  `serial ${serial}, valid until ${new Date(notAfter).toISOString().slice(0, 10)}`;

/** dockerd reads its TLS files once, at start (moby#23936). */
export const servedCertificateNotOnDisk = defineCheck({
  id: "served-certificate-not-on-disk",
  states: "dockerd serves the certificate that its file holds now",
  needs: ["inside", "outside"],
  severity: "medium",
  consequence: "a renewed certificate is used only after the next restart, and the old one may expire first",
  reference: "https://github.com/moby/moby/issues/23936",
  run: ({ inside, endpoints }) => {
    const files = inside.certificates.flatMap(({ role, path, pem }) => {
      const facts = role === "server" ? read(pem) : null;
      return facts ? [{ path, facts }] : [];
    });
    if (files.length === 0) return [];
    return endpoints.flatMap((report) => {
      const own = listenersOn(inside, report.endpoint.port).some(({ holders }) => holders.some(isEngine));
      const now = own ? (servedCertificate(report)?.facts ?? null) : null;
      if (!now || files.some(({ facts }) => facts.fingerprint === now.fingerprint)) return [];
      const where = formatEndpoint(report.endpoint);
      return [
        {
          where,
          says: `${where} serves a certificate that differs from the file that dockerd is configured to use`,
          evidence: [
            `served: ${describe(now)}`,
            ...files.map(({ path, facts }) => visible(`${path}: ${describe(facts)}`)),
          ],
          fix: [
            "systemctl restart docker.service   # on the host; stops containers unless live-restore is on",
          ],
        },
      ];
    });
  },
});

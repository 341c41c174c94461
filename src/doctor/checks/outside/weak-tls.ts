import { formatEndpoint, type TlsVersion } from "../../../engine/index.ts";
import { defineCheck } from "../../check.ts";
import { mayBeDocker } from "../../endpoint-view.ts";
import type { TlsOffer } from "../../subject.ts";

const OLD: ReadonlySet<TlsVersion> = new Set(["TLSv1", "TLSv1.1"]);

function evidenceOf({ versions, weakCiphers }: TlsOffer): string[] {
  const old = versions.filter((version) => OLD.has(version));
  return [
    ...old.map((version) => `a ClientHello of ${version.replace("v", " ")} gets a ServerHello`),
    ...weakCiphers.map((suite) => `the cipher suite ${suite} is accepted`),
  ];
}

/** dockerd never offers these; a proxy in front does, or a very old engine. */
export const weakTls = defineCheck({
  id: "weak-tls",
  states: "only TLS 1.2 and 1.3 with strong ciphers are offered",
  needs: ["outside"],
  severity: "medium",
  consequence: "somebody on the network path may weaken, read or take over the connection",
  reference: "https://www.rfc-editor.org/rfc/rfc8996",
  run: ({ endpoints }) =>
    endpoints.flatMap((report) => {
      const evidence = report.offer && mayBeDocker(report) ? evidenceOf(report.offer) : [];
      if (evidence.length === 0) return [];
      const where = formatEndpoint(report.endpoint);
      return [
        {
          where,
          says: `${where} offers TLS versions or ciphers that are broken`,
          evidence,
          fix: [
            "ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers HIGH:!aNULL:!3DES;   # in nginx",
            "ssl-default-bind-options ssl-min-ver TLSv1.2   # in haproxy",
            "dockerd --version   # on the host: versions before 1.10 offer TLS 1.0; upgrade",
          ],
        },
      ];
    }),
});

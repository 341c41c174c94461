/** The client does not trust the server's certificate. */
import type { Topic } from "../entry.ts";

const NOTHING_SENT = "The client hung up before it sent a request.";

export const unknownAuthority: Topic = {
  id: "unknown-authority",
  cause:
    "The certificate the server showed is not signed by the CA in the client's ca.pem. The usual reasons: DOCKER_CERT_PATH belongs to another host, the host's certificates were made anew (tetherdock up, docker-machine) and this copy or context is the old one, or something in between answers with its own certificate.",
  danger: "check",
  consequence: `${NOTHING_SENT} If neither you nor your colleagues changed the certificates, take it for somebody in the middle until shown otherwise. Do not switch verification off.`,
  fix: [
    "tetherdock status",
    "tetherdock context refresh # a docker context copies ca.pem, and the copy grows old",
    "unset REQUESTS_CA_BUNDLE CURL_CA_BUNDLE # in Python they win over the CA that docker-py was given",
    "openssl s_client -connect {endpoint} -showcerts </dev/null | openssl x509 -noout -issuer -subject -dates",
    "tetherdock up {host}",
  ],
  reference: "RFC 5280 section 6; https://docs.docker.com/engine/security/protect-access/",
};

export const otherCaOfSameName: Topic = {
  id: "other-ca-of-the-same-name",
  cause:
    "The client's ca.pem has the name of the CA that signed the server's certificate, but another key: the CA was made anew under the same name, and one side still has the old one.",
  danger: "check",
  consequence: `${NOTHING_SENT} A CA that only bears the same name is also what somebody in the middle would use.`,
  fix: [
    "tetherdock status",
    "tetherdock context refresh",
    "openssl s_client -connect {endpoint} -showcerts </dev/null | openssl x509 -noout -ext authorityKeyIdentifier",
    "tetherdock up {host}",
  ],
  reference: "RFC 5280 section 4.2.1.1",
};

export const nameMismatch: Topic = {
  id: "name-mismatch",
  cause:
    "The certificate is genuine, but made for other names or addresses than the one that was dialled. The host got a new address or name after its certificate was made, or it is reached by a name nobody thought of then.",
  danger: "closed",
  consequence: `${NOTHING_SENT} Verification did its work; switching it off would let anybody in the middle pose as the host.`,
  fix: [
    "tetherdock up {host} --san {name}",
    "# or dial a name that the certificate carries: DOCKER_HOST=tcp://NAME:{port}",
  ],
  reference: "RFC 6125 section 6; RFC 5280 section 4.2.1.6",
};

export const noIpSans: Topic = {
  id: "no-ip-address-in-certificate",
  cause:
    "The host was dialled by its IP address, and the certificate carries DNS names only. An address has to be in the certificate as an IP entry; as a DNS entry or a common name it does not count.",
  danger: "closed",
  consequence: NOTHING_SENT,
  fix: ["tetherdock up {host} --san {name}", "# or dial the host by its name: DOCKER_HOST=tcp://NAME:{port}"],
  reference: "RFC 5280 section 4.2.1.6; RFC 2818 section 3.1",
};

export const commonNameOnly: Topic = {
  id: "common-name-only",
  cause:
    "The server's certificate names the host only in its subject's common name. Go stopped looking there with 1.15 (docker 20.10); older guides for making certificates leave the subject alternative name out.",
  danger: "closed",
  consequence: `${NOTHING_SENT} The certificate is not forged, only made the old way; older clients still take it.`,
  fix: ["tetherdock up {host}", "openssl x509 -in server-cert.pem -noout -ext subjectAltName"],
  reference: "RFC 6125 section 6.4.4; https://go.dev/doc/go1.15#commonname",
};

export const expired: Topic = {
  id: "certificate-expired",
  cause: "By the clock of the machine that says it, the peer's certificate is over; or that clock is wrong.",
  danger: "closed",
  consequence: "Nobody gets in by it; everybody who uses this host is locked out until it is renewed.",
  fix: ["date -u", "tetherdock status", "tetherdock up {host}"],
  reference: "RFC 5280 section 4.1.2.5",
};

export const notYetValid: Topic = {
  id: "certificate-not-yet-valid",
  cause:
    "By the clock of the machine that says it, the certificate's time has not come. Either that clock is behind, or the clock of the machine that made the certificate was ahead.",
  danger: "closed",
  consequence: "Nobody gets in by it until the clocks agree.",
  fix: ["date -u; ssh {host} date -u", "timedatectl set-ntp true", "tetherdock up {host}"],
  reference: "RFC 5280 section 4.1.2.5",
};

export const wrongUsage: Topic = {
  id: "certificate-for-another-use",
  cause:
    "The certificate is made for another use: a client's certificate shown by a server or the other way round (extendedKeyUsage), or a CA's certificate that may not sign.",
  danger: "closed",
  consequence:
    "The connection was refused. A certificate that serves both ends would let any client pose as the host.",
  fix: [
    "openssl x509 -in cert.pem -noout -ext extendedKeyUsage,basicConstraints,keyUsage",
    "tetherdock up {host}",
  ],
  reference: "RFC 5280 sections 4.2.1.3, 4.2.1.9 and 4.2.1.12",
};

export const distrusted: Topic = {
  id: "certificate-does-not-verify",
  cause:
    "The server's certificate does not verify, and the message does not say why: unknown CA, wrong name, or its time is over.",
  danger: "check",
  consequence: NOTHING_SENT,
  fix: ["tetherdock status", "openssl s_client -connect {endpoint} -CAfile ca.pem -brief </dev/null"],
  reference: "RFC 5280 section 6",
  general: true,
};

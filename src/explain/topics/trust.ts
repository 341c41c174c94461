/** The client does not trust the server's certificate. */
import type { Topic } from "../entry.ts";

const NOTHING_SENT = "The client closed the connection before it sent a request.";

export const unknownAuthority: Topic = {
  id: "unknown-authority",
  cause:
    "The server's certificate is not signed by the CA in the client's ca.pem. The usual reasons: DOCKER_CERT_PATH belongs to another host, the host has new certificates (tetherdock up, docker-machine) and this copy or context is old, or something in between answers with its own certificate.",
  danger: "check",
  consequence: `${NOTHING_SENT} If neither you nor your colleagues changed the certificates, assume that somebody is intercepting the connection. Do not turn verification off.`,
  fix: [
    "tetherdock status",
    "tetherdock context refresh # a docker context has a copy of ca.pem, which may be old",
    "unset REQUESTS_CA_BUNDLE CURL_CA_BUNDLE # in Python, they take precedence over docker-py's CA",
    "openssl s_client -connect {endpoint} -showcerts </dev/null | openssl x509 -noout -issuer -subject -dates",
    "tetherdock up {host}",
  ],
  reference: "RFC 5280 section 6; https://docs.docker.com/engine/security/protect-access/",
};

export const otherCaOfSameName: Topic = {
  id: "other-ca-of-the-same-name",
  cause:
    "The client's ca.pem has the name of the CA that signed the server's certificate, but another key: the CA was created again with the same name, and one side still has the old one.",
  danger: "check",
  consequence: `${NOTHING_SENT} Somebody who intercepts the connection would also use a CA of the same name.`,
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
    "The certificate is genuine, but for other names or addresses than the one that the client connects to. The host got a new address or name after its certificate was issued, or clients use another name for it.",
  danger: "closed",
  consequence: `${NOTHING_SENT} Verification worked as intended; without it, anybody in between could impersonate the host.`,
  fix: [
    "tetherdock up {host} --san {name}",
    "# or use a name that is in the certificate: DOCKER_HOST=tcp://NAME:{port}",
  ],
  reference: "RFC 6125 section 6; RFC 5280 section 4.2.1.6",
};

export const noIpSans: Topic = {
  id: "no-ip-address-in-certificate",
  cause:
    "The client connected to an IP address, but the certificate contains DNS names only. An address must be in the certificate as an IP entry; a DNS entry or a common name does not count.",
  danger: "closed",
  consequence: NOTHING_SENT,
  fix: ["tetherdock up {host} --san {name}", "# or use the host's name: DOCKER_HOST=tcp://NAME:{port}"],
  reference: "RFC 5280 section 4.2.1.6; RFC 2818 section 3.1",
};

export const commonNameOnly: Topic = {
  id: "common-name-only",
  cause:
    "The server's certificate names the host only in its subject's common name. Go has ignored it since 1.15 (docker 20.10); older guides leave out the subject alternative name.",
  danger: "closed",
  consequence: `${NOTHING_SENT} The certificate is not forged, only outdated; older clients still accept it.`,
  fix: ["tetherdock up {host}", "openssl x509 -in server-cert.pem -noout -ext subjectAltName"],
  reference: "RFC 6125 section 6.4.4; https://go.dev/doc/go1.15#commonname",
};

export const expired: Topic = {
  id: "certificate-expired",
  cause:
    "The peer's certificate has expired by the clock of the machine that reports it; or that clock is wrong.",
  danger: "closed",
  consequence:
    "Nobody can connect; everybody who uses this host is locked out until the certificate is renewed.",
  fix: ["date -u", "tetherdock status", "tetherdock up {host}"],
  reference: "RFC 5280 section 4.1.2.5",
};

export const notYetValid: Topic = {
  id: "certificate-not-yet-valid",
  cause:
    "The certificate is not yet valid by the clock of the machine that reports it. Either that clock is behind, or the clock of the machine that issued the certificate was ahead.",
  danger: "closed",
  consequence: "Nobody can connect until the clocks agree.",
  fix: ["date -u; ssh {host} date -u", "timedatectl set-ntp true", "tetherdock up {host}"],
  reference: "RFC 5280 section 4.1.2.5",
};

export const wrongUsage: Topic = {
  id: "certificate-for-another-use",
  cause:
    "The certificate is for another use: a server presented a client's certificate or the other way round (extendedKeyUsage), or a CA's certificate that may not sign.",
  danger: "closed",
  consequence:
    "The connection was refused. If one certificate served both ends, any client could impersonate the host.",
  fix: [
    "openssl x509 -in cert.pem -noout -ext extendedKeyUsage,basicConstraints,keyUsage",
    "tetherdock up {host}",
  ],
  reference: "RFC 5280 sections 4.2.1.3, 4.2.1.9 and 4.2.1.12",
};

export const distrusted: Topic = {
  id: "certificate-does-not-verify",
  cause:
    "The server's certificate does not verify, and the message does not say why: unknown CA, wrong name, or expired.",
  danger: "check",
  consequence: NOTHING_SENT,
  fix: ["tetherdock status", "openssl s_client -connect {endpoint} -CAfile ca.pem -brief </dev/null"],
  reference: "RFC 5280 section 6",
  general: true,
};

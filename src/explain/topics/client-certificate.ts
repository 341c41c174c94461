/** The server does not let the client in, or says so in its log. */
import type { Topic } from "../entry.ts";

const KEPT_OUT = "The daemon refused this client: that is what client certificates are for.";

export const certificateRequired: Topic = {
  id: "client-certificate-missing",
  cause:
    "The daemon requires a client certificate and got none: DOCKER_CERT_PATH is not set or the files in it are not found, the context has no key material, or the program does not send it.",
  danger: "closed",
  consequence: KEPT_OUT,
  fix: ['eval "$(tetherdock env)"', "tetherdock status", 'ls -l "$DOCKER_CERT_PATH"'],
  reference: "RFC 8446 section 4.4.2.4; https://docs.docker.com/engine/security/protect-access/",
};

export const badCertificate: Topic = {
  id: "client-certificate-refused",
  cause:
    "The daemon does not accept the client's certificate, or got none (Go's TLS 1.2 says both alike): it is of another CA, it has expired, or DOCKER_CERT_PATH is not set.",
  danger: "closed",
  consequence: KEPT_OUT,
  fix: [
    "tetherdock status",
    'openssl x509 -in "$DOCKER_CERT_PATH/cert.pem" -noout -issuer -enddate',
    'eval "$(tetherdock env)"',
    "tetherdock context refresh",
  ],
  reference: "RFC 8446 section 6.2",
};

export const unknownCa: Topic = {
  id: "client-certificate-of-another-ca",
  cause:
    "The daemon does not know the CA that signed the client's certificate: the certificate belongs to another host, or the host has a new CA.",
  danger: "closed",
  consequence: KEPT_OUT,
  fix: [
    "tetherdock status",
    'openssl verify -CAfile "$DOCKER_CERT_PATH/ca.pem" "$DOCKER_CERT_PATH/cert.pem"',
    "tetherdock context refresh",
    "tetherdock up {host}",
  ],
  reference: "RFC 8446 section 6.2",
};

export const clientExpired: Topic = {
  id: "client-certificate-expired",
  cause:
    "The client's certificate has expired or is not valid yet by the daemon's clock; or the host's clock is wrong.",
  danger: "closed",
  consequence: KEPT_OUT,
  fix: ["tetherdock status", "date -u; ssh {host} date -u", "tetherdock up {host}"],
  reference: "RFC 8446 section 6.2",
};

export const clientRefusedServer: Topic = {
  id: "clients-do-not-trust-the-server",
  cause:
    "A line from a server's log. A client closed the connection because it does not accept the server's certificate: another CA in its ca.pem, a name or address that is not in the certificate, or an expired certificate.",
  danger: "closed",
  consequence: "Nobody got in. A client that should get in may be locked out.",
  fix: [
    "tetherdock status",
    "# on the client's machine: run the command that fails and explain its own message",
  ],
  reference: "RFC 8446 section 6.2",
};

export const refusedClient: Topic = {
  id: "refused-client",
  cause:
    "A line from a server's log. A client connected without a certificate that this daemon accepts: a client that is not set up, or one of the scanners that try every address on the Internet.",
  danger: "closed",
  consequence: "It was refused. The line shows that the port can be reached from there.",
  fix: ["# is {address} yours? If not, allow only your networks in the firewall", "tetherdock status"],
  reference: "https://docs.docker.com/engine/security/protect-access/",
};

export const plainToTlsPort: Topic = {
  id: "plain-http-to-tls-port",
  cause:
    "A line from a server's log. A client sent something other than TLS to the TLS port: a client without DOCKER_TLS_VERIFY, a health check in plain HTTP, or a scanner.",
  danger: "closed",
  consequence: "It was refused.",
  fix: ['# is {address} yours? Then, on that machine: eval "$(tetherdock env)"', "tetherdock status"],
  reference: "https://docs.docker.com/engine/security/protect-access/",
};

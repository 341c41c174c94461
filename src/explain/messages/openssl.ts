/** OpenSSL's handshake, as s_client prints it and as nearly every program but Go's passes it on. */

import { describeAlert } from "../../engine/index.ts";
import type { Groups, Message } from "../entry.ts";
import {
  badCertificate,
  certificateRequired,
  clientExpired,
  unknownCa,
} from "../topics/client-certificate.ts";
import { keyMismatch } from "../topics/client-setup.ts";
import { eof, refused } from "../topics/network.ts";
import { handshakeFailed, notTlsPeer, oldTls, tlsPeer } from "../topics/protocol.ts";

const SSL_ERRORS = "openssl/openssl ssl/ssl_err.c";
/** Up to 3.1 the names of SSL 3.0 remained: "sslv3 alert …"; later "ssl/tls alert …". The number stands at the end. */
const alert = (words: string): RegExp =>
  new RegExp(
    `(?:sslv3|tlsv1|tlsv13|ssl/tls) alert ${words}(?:[^\\n]{0,200}?SSL alert number (?<alert>[0-9]{1,3}))?`,
    "i",
  );
const decodeAlert = ({ alert: number }: Groups): string[] => (number ? [describeAlert(Number(number))] : []);

export const openssl: readonly Message[] = [
  {
    id: "openssl-wrong-version",
    says: "OpenSSL",
    patterns: [/SSL routines:[^:\n]{0,60}:(?:wrong version number|packet length too long|unknown protocol)/],
    source: SSL_ERRORS,
    example:
      "40978D158A7F0000:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../ssl/record/ssl3_record.c:350:",
    meaning: "What came back does not begin with a TLS version: the peer's first bytes are not TLS.",
    topic: notTlsPeer,
  },
  {
    id: "openssl-http-request",
    says: "OpenSSL, in a server's log",
    patterns: [/SSL routines:[^:\n]{0,60}:(?:http request|https proxy request)/],
    source: SSL_ERRORS,
    example:
      "SSL_do_handshake() failed (SSL: error:0A00009C:SSL routines::http request) while SSL handshaking",
    meaning: "A client sent a plain HTTP request to the TLS port.",
    topic: tlsPeer,
  },
  {
    id: "openssl-certificate-required",
    says: "OpenSSL, passing on the server's alert 116 (TLS 1.3)",
    patterns: [alert("certificate required")],
    source: SSL_ERRORS,
    example:
      "406723A71F7F0000:error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:../ssl/record/rec_layer_s3.c:1601:SSL alert number 116",
    meaning: "The server requires a client certificate and got none.",
    topic: certificateRequired,
    decode: decodeAlert,
  },
  {
    id: "openssl-bad-certificate",
    says: "OpenSSL, passing on the server's alert 42",
    patterns: [alert("bad certificate")],
    source: SSL_ERRORS,
    example:
      "140071:error:14094412:SSL routines:ssl3_read_bytes:sslv3 alert bad certificate:../ssl/record/rec_layer_s3.c:1528:SSL alert number 42",
    meaning: "The server refused the client's certificate, or (Go's servers) got none.",
    topic: badCertificate,
    decode: decodeAlert,
  },
  {
    id: "openssl-unknown-ca",
    says: "OpenSSL, passing on the server's alert 48",
    patterns: [alert("unknown ca")],
    source: SSL_ERRORS,
    example:
      "140071:error:14094418:SSL routines:ssl3_read_bytes:tlsv1 alert unknown ca:../ssl/record/rec_layer_s3.c:1528:SSL alert number 48",
    meaning: "The server does not know the CA of the client's certificate.",
    topic: unknownCa,
    decode: decodeAlert,
  },
  {
    id: "openssl-expired-client",
    says: "OpenSSL, passing on the server's alert 45",
    patterns: [alert("certificate expired")],
    source: SSL_ERRORS,
    example:
      "error:0A000415:SSL routines:ssl3_read_bytes:ssl/tls alert certificate expired:SSL alert number 45",
    meaning: "By the server's clock, the client's certificate has expired.",
    topic: clientExpired,
    decode: decodeAlert,
  },
  {
    id: "openssl-handshake-failure",
    says: "OpenSSL, passing on the server's alert 40",
    patterns: [alert("handshake failure")],
    source: SSL_ERRORS,
    example:
      "4047D0934E7F0000:error:0A000410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure:../ssl/record/rec_layer_s3.c:1601:SSL alert number 40",
    meaning: "The server aborted the handshake.",
    topic: handshakeFailed,
    decode: decodeAlert,
  },
  {
    id: "openssl-protocol-version",
    says: "OpenSSL",
    patterns: [
      alert("protocol version"),
      /SSL routines:[^:\n]{0,60}:(?:unsupported protocol|no protocols available)/,
    ],
    source: SSL_ERRORS,
    example: "error:0A00042E:SSL routines:ssl3_read_bytes:tlsv1 alert protocol version:SSL alert number 70",
    meaning: "Client and server have no TLS version in common.",
    topic: oldTls,
    decode: decodeAlert,
  },
  {
    id: "openssl-eof",
    says: "OpenSSL 3",
    patterns: [/SSL routines:[^:\n]{0,60}:unexpected eof while reading/],
    source: SSL_ERRORS,
    example: "error:0A000126:SSL routines::unexpected eof while reading",
    meaning: "The peer closed the connection without a TLS close_notify.",
    topic: eof,
  },
  {
    id: "openssl-key-mismatch",
    says: "OpenSSL",
    patterns: [/x509 certificate routines:[^:\n]{0,60}:key values mismatch/i],
    source: "openssl/openssl crypto/x509/x509_err.c",
    example: "error:05800074:x509 certificate routines::key values mismatch",
    meaning: "The certificate and the key do not belong together.",
    topic: keyMismatch,
  },
  {
    id: "openssl-refused",
    says: "OpenSSL's s_client",
    patterns: [/BIO_connect:Connection refused/, /connect:errno=(?:111|61)\b/],
    source: "openssl/openssl crypto/bio/bio_sock2.c",
    example:
      "4067F370587F0000:error:8000006F:system library:BIO_connect:Connection refused:../crypto/bio/bio_sock2.c:117:calling connect()",
    meaning: "The host refused the attempt to connect.",
    topic: refused,
  },
];

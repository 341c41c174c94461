/** Python's ssl module: handshakes that fail. */
import type { Message } from "../entry.ts";
import { badCertificate, certificateRequired, unknownCa } from "../topics/client-certificate.ts";
import { keyMismatch } from "../topics/client-setup.ts";
import { eof } from "../topics/network.ts";
import { handshakeFailed, notTlsPeer } from "../topics/protocol.ts";

const SSL = "python/cpython Modules/_ssl.c";

export const pythonSsl: readonly Message[] = [
  {
    id: "python-wrong-version",
    says: "Python's ssl",
    patterns: [
      /\[SSL: (?:WRONG_VERSION_NUMBER|UNKNOWN_PROTOCOL|RECORD_LAYER_FAILURE)\](?: wrong version number)?/,
    ],
    source: SSL,
    example:
      "docker.errors.DockerException: Error while fetching server API version: HTTPSConnectionPool(host='192.0.2.7', port=2376): Max retries exceeded with url: /version (Caused by SSLError(SSLError(1, '[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)')))",
    meaning: "What came back does not begin with a TLS version: the peer's first bytes are not TLS.",
    topic: notTlsPeer,
  },
  {
    id: "python-certificate-required",
    says: "Python's ssl, passing on the server's alert 116",
    patterns: [/\[SSL(?:: TLSV13_ALERT_CERTIFICATE_REQUIRED)?\] tlsv13 alert certificate required/],
    source: SSL,
    example:
      "ssl.SSLError: [SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED] tlsv13 alert certificate required (_ssl.c:2580)",
    meaning: "The server requires a client certificate and got none.",
    topic: certificateRequired,
  },
  {
    id: "python-bad-certificate",
    says: "Python's ssl, passing on the server's alert 42",
    patterns: [/\[SSL: \w{3,6}_ALERT_BAD_CERTIFICATE\](?: (?:sslv3|ssl\/tls) alert bad certificate)?/],
    source: SSL,
    example:
      "requests.exceptions.SSLError: [SSL: SSLV3_ALERT_BAD_CERTIFICATE] sslv3 alert bad certificate (_ssl.c:1006)",
    meaning: "The server refused the client's certificate, or got none.",
    topic: badCertificate,
  },
  {
    id: "python-unknown-ca",
    says: "Python's ssl, passing on the server's alert 48",
    patterns: [/\[SSL: TLSV1_ALERT_UNKNOWN_CA\](?: tlsv1 alert unknown ca)?/],
    source: SSL,
    example: "ssl.SSLError: [SSL: TLSV1_ALERT_UNKNOWN_CA] tlsv1 alert unknown ca (_ssl.c:2580)",
    meaning: "The server does not know the CA of the client's certificate.",
    topic: unknownCa,
  },
  {
    id: "python-handshake-failure",
    says: "Python's ssl, passing on the server's alert 40",
    patterns: [/\[SSL: \w{3,6}_ALERT_HANDSHAKE_FAILURE\](?: (?:sslv3|ssl\/tls) alert handshake failure)?/],
    source: SSL,
    example:
      "urllib.error.URLError: <urlopen error [SSL: SSLV3_ALERT_HANDSHAKE_FAILURE] sslv3 alert handshake failure (_ssl.c:1006)>",
    meaning: "The server aborted the handshake.",
    topic: handshakeFailed,
  },
  {
    id: "python-key-mismatch",
    says: "Python's ssl",
    patterns: [/\[X509: KEY_VALUES_MISMATCH\](?: key values mismatch)?/],
    source: SSL,
    example: "ssl.SSLError: [X509: KEY_VALUES_MISMATCH] key values mismatch (_ssl.c:3926)",
    meaning: "The certificate and the key do not belong together.",
    topic: keyMismatch,
  },
  {
    id: "python-closed",
    says: "Python's ssl and http.client",
    patterns: [
      /EOF occurred in violation of protocol|\] unexpected eof while reading \(_ssl/,
      /Remote end closed connection without response/,
      /TLS\/SSL connection has been closed \(EOF\)/,
    ],
    source: "python/cpython Modules/_ssl.c and Lib/http/client.py",
    example:
      "docker.errors.DockerException: Error while fetching server API version: ('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))",
    meaning: "The peer closed the connection during the handshake or before it answered.",
    topic: eof,
  },
];

/** A TLS handshake like that of Go's client (the docker CLI): one CA trusted, names by SAN only, TLS 1.2 or later. */
import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { connect, createSecureContext, type SecureContext, type TLSSocket } from "node:tls";
import { TetherdockError } from "../../base/index.ts";
import { type Credential, type DistrustReason, printable, type TlsFacts } from "../../engine/index.ts";
import type { BoundedStream } from "./bounded-stream.ts";
import { distrustReason } from "./tls-failure.ts";

type TlsCredential = Exclude<Credential, { kind: "plain" }>;

/** Whether the peer's certificate is trusted. */
export interface Trust {
  readonly tls: TlsFacts;
  readonly distrust?: { readonly reason: DistrustReason; readonly detail: string };
}

/**
 * Reads a credential's PEM texts.
 * @throws CREDENTIAL_UNUSABLE when OpenSSL cannot read them, or certificate and key do not match
 */
export function clientContext(credential: TlsCredential): SecureContext {
  const { identity } = credential;
  const pems = identity ? { cert: identity.certPem, key: identity.keyPem } : {};
  try {
    if (credential.kind === "insecure")
      return createSecureContext({ ...pems, minVersion: "TLSv1", ciphers: "DEFAULT:@SECLEVEL=0" });
    const { caPem } = credential;
    // Parsed here first: with an empty or damaged CA, Node would continue and trust the system's roots or nothing.
    new X509Certificate(caPem);
    return createSecureContext({ ca: caPem, ...pems, minVersion: "TLSv1.2" });
  } catch (error) {
    throw new TetherdockError("CREDENTIAL_UNUSABLE", "a certificate or key cannot be used", {
      why: [error instanceof Error ? error.message : String(error)],
      cause: error,
    });
  }
}

/**
 * Begins a handshake over a stream; the socket emits `secureConnect` when it is complete.
 * @param serverName sent as SNI if it is a name (RFC 6066 does not allow addresses)
 */
export function beginHandshake(
  stream: BoundedStream,
  secureContext: SecureContext,
  serverName: string,
): TLSSocket {
  return connect({
    secureContext,
    socket: stream,
    ...(isIP(serverName) === 0 && { servername: serverName }),
    // This is not less strict: `trustOf` checks certificate and name before anything is sent. Node would destroy the
    // socket, and with it the certificate that we report to the user.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  });
}

function carriesName(certificate: X509Certificate, name: string): boolean {
  // Never by the subject: Go ignores common names, so a certificate that only Node accepts would fail in the docker
  // CLI.
  return isIP(name)
    ? certificate.checkIP(name) !== undefined
    : certificate.checkHost(name, { subject: "never", partialWildcards: false }) !== undefined;
}

function distrustOf(
  socket: TLSSocket,
  certificate: X509Certificate,
  name: string,
): Trust["distrust"] | undefined {
  if (!socket.authorized) {
    // Typed as Error, but at run time it is OpenSSL's code.
    const code = String(socket.authorizationError);
    const until = code === "CERT_HAS_EXPIRED" ? ` (valid until ${certificate.validTo})` : "";
    return { reason: distrustReason(code), detail: `${code.toLowerCase().replaceAll("_", " ")}${until}` };
  }
  if (carriesName(certificate, name)) return undefined;
  const names = printable(certificate.subjectAltName ?? "", 300);
  return { reason: "name-mismatch", detail: `it is for ${names || "no name"}, not ${name}` };
}

/**
 * Judges the certificate of a finished handshake.
 * @param name the DNS name or IP address it must carry
 * @returns undefined when the peer showed no certificate at all
 */
export function trustOf(socket: TLSSocket, name: string): Trust | undefined {
  const certificate = socket.getPeerX509Certificate();
  if (!certificate) return undefined;
  const tls: TlsFacts = {
    version: socket.getProtocol() ?? "unknown",
    certificatePem: certificate.toString(),
  };
  const distrust = distrustOf(socket, certificate, name);
  return { tls, ...(distrust && { distrust }) };
}

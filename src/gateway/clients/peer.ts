/** Who is at the other end of a connection, as far as TLS or the listening socket can tell. */
export interface Peer {
  /** `10.0.0.7:40112`, `[fd00::7]:40112`, or the local socket's path. */
  readonly address: string;
  /**
   * Of the public key in the certificate that TLS verified; of a CI job, what the client list has for it; null on a local
   * socket.
   */
  readonly fingerprint: string | null;
  /** Of a CI job's own key, for the records; without it, it is `fingerprint`. */
  readonly jobKey?: string;
  /** The client that the local socket belongs to; null with TLS. */
  readonly clientName: string | null;
  /** When the certificate expires, ms since the epoch; Infinity on a local socket. */
  readonly notAfter: number;
}

/** TLS in front of the gateway: who has no certificate of our CA does not get as far as HTTP. */
import { constants } from "node:crypto";
import type { Socket } from "node:net";
import { createServer, type SecureContextOptions, type Server, type TLSSocket } from "node:tls";
import { addressGroup, type Gateway, HandshakeQueue, type Peer } from "../../gateway/index.ts";
import { PeerKeys } from "./peer-keys.ts";

/** Milliseconds before the first keep-alive probe: a laptop that was closed is noticed, though nothing is sent. */
export const KEEP_ALIVE_MS = 30_000;

/** IPv6 in brackets; an IPv4 address that came by an IPv6 socket as what it is. */
export function formatAddress(address: string | undefined, port: number | undefined): string {
  const plain = address?.replace(/^::ffff:(?=\d+\.)/i, "") ?? "?";
  return plain.includes(":") ? `[${plain}]:${port ?? 0}` : `${plain}:${port ?? 0}`;
}

export class TlsGate {
  readonly #server: Server;
  readonly #gateway: Gateway;
  readonly #keys = new PeerKeys();
  readonly #queue: HandshakeQueue;

  constructor(gateway: Gateway, options: SecureContextOptions) {
    this.#gateway = gateway;
    this.#queue = new HandshakeQueue(gateway.limits);
    this.#server = createServer({
      ...options,
      requestCert: true,
      // Judged below: Node would close just as silently, but could not be counted.
      rejectUnauthorized: false,
      handshakeTimeout: gateway.limits.handshakeMs,
      allowHalfOpen: true,
      ALPNProtocols: ["http/1.1"],
      // A resumed session is not verified again: an expired certificate would live on in its ticket.
      secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
    });
    this.#server.on("secureConnection", (socket) => this.#secured(socket));
  }

  /** Certificates for connections from now on; those that are open keep theirs. */
  setOptions(options: SecureContextOptions): void {
    this.#server.setSecureContext(options);
    this.#keys.clear();
  }

  /** Takes a TCP connection. @param socket half-open allowed, paused, not yet read */
  admit(socket: Socket): void {
    const group = addressGroup(socket.remoteAddress ?? "");
    const gone = () => giveUp();
    const giveUp = this.#queue.enter(group, () => {
      socket.removeListener("close", gone);
      this.#gateway.handshakes = this.#queue.running;
      this.#handshake(socket, group);
    });
    socket.once("close", gone);
    socket.on("error", () => socket.destroy());
  }

  #handshake(socket: Socket, group: string): void {
    let over = false;
    const end = () => {
      if (over) return;
      over = true;
      this.#queue.leave(group);
      this.#gateway.handshakes = this.#queue.running;
    };
    this.#ends.set(socket, end);
    socket.once("close", () => {
      if (!over) this.#gateway.metrics.note("handshake_failed");
      end();
    });
    if (socket.destroyed) end();
    else this.#server.emit("connection", socket);
  }

  /** By the TCP socket below the TLS one: how to say that its handshake is over. */
  readonly #ends = new WeakMap<Socket, () => void>();

  #secured(socket: TLSSocket): void {
    const raw = (socket as unknown as { readonly _parent: Socket | null })._parent;
    if (raw) this.#ends.get(raw)?.();
    const address = formatAddress(socket.remoteAddress, socket.remotePort);
    if (!socket.authorized) {
      this.#gateway.refusePeer(address, String(socket.authorizationError ?? "no certificate"));
      socket.on("error", () => {});
      socket.destroy();
      return;
    }
    const key = this.#keys.of(socket);
    const peer: Peer = { address, fingerprint: key.fingerprint, clientName: null, notAfter: key.notAfter };
    this.#gateway.accept(socket, peer);
  }
}

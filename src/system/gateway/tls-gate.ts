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

/** A handshake is two round trips, and half a world away one takes 300 ms. */
const SLOW_MS = 1_000;

/** A TCP connection that is no TLS one yet. */
interface Pending {
  readonly group: string;
  /** When it must be done, ms since the epoch. */
  readonly until: number;
  /** When its turn came, ms since the epoch; Infinity before. */
  begunAt: number;
  /** Gives up its place in the line, or ends its turn. */
  leave: () => void;
}

const NOTHING = () => {};

export class TlsGate {
  readonly #server: Server;
  readonly #gateway: Gateway;
  readonly #keys = new PeerKeys();
  readonly #queue: HandshakeQueue;
  readonly #pending = new Map<Socket, Pending>();
  readonly #perGroup = new Map<string, number>();

  constructor(gateway: Gateway, options: SecureContextOptions) {
    this.#gateway = gateway;
    this.#queue = new HandshakeQueue(gateway.limits);
    this.#server = createServer({
      ...options,
      requestCert: true,
      // Judged below: Node would close just as silently, but could not be counted.
      rejectUnauthorized: false,
      // Ours counts from the first octet on, and Node's only tells of it.
      handshakeTimeout: 0,
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
    const { metrics, limits, coarseNow } = this.#gateway;
    const group = addressGroup(socket.remoteAddress ?? "");
    const ofGroup = this.#perGroup.get(group) ?? 0;
    socket.on("error", () => socket.destroy());
    if (ofGroup >= limits.connectionsPerClient) {
      metrics.note("connection_dropped");
      socket.destroy();
      return;
    }
    this.#perGroup.set(group, ofGroup + 1);
    // Until TLS is done, an end is an end: scanners and health checks would leave half a connection each.
    socket.allowHalfOpen = false;
    const until = coarseNow + limits.handshakeMs;
    const pending: Pending = { group, until, begunAt: Number.POSITIVE_INFINITY, leave: NOTHING };
    this.#pending.set(socket, pending);
    const giveUp = this.#queue.enter(group, () => this.#handshake(socket, pending));
    if (pending.leave === NOTHING) pending.leave = giveUp;
    socket.on("close", () => {
      if (this.#settle(socket)) metrics.note("handshake_failed");
    });
  }

  /**
   * Ends what takes too long. And where all places are taken, the slow ones of whoever has most give way to those who
   * have none: a few addresses that say nothing would else keep everybody waiting. Call it a few times a second.
   * @param now milliseconds since the epoch
   */
  sweep(now: number): void {
    for (const [socket, { until }] of this.#pending) if (now >= until) socket.destroy();
    for (let starved = this.#queue.starved; starved > 0; starved--) this.#slowest(now)?.destroy();
  }

  #slowest(now: number): Socket | null {
    let slowest: Socket | null = null;
    let most = 0;
    for (const [socket, { group, begunAt }] of this.#pending) {
      const running = this.#queue.runningOf(group);
      if (socket.destroyed || now < begunAt + SLOW_MS || running <= most) continue;
      most = running;
      slowest = socket;
    }
    return slowest;
  }

  /** Ends what has not become a connection. */
  close(): void {
    for (const socket of this.#pending.keys()) socket.destroy();
  }

  #handshake(socket: Socket, pending: Pending): void {
    this.#gateway.handshakes = this.#queue.running;
    pending.begunAt = this.#gateway.coarseNow;
    pending.leave = () => {
      this.#queue.leave(pending.group);
      this.#gateway.handshakes = this.#queue.running;
    };
    this.#server.emit("connection", socket);
  }

  /** It waits for nothing any more. @returns false when it did not before */
  #settle(socket: Socket): boolean {
    const pending = this.#pending.get(socket);
    if (!pending) return false;
    const { group } = pending;
    this.#pending.delete(socket);
    const left = (this.#perGroup.get(group) ?? 1) - 1;
    if (left > 0) this.#perGroup.set(group, left);
    else this.#perGroup.delete(group);
    pending.leave();
    return true;
  }

  #secured(socket: TLSSocket): void {
    const raw = (socket as unknown as { readonly _parent: Socket | null })._parent;
    if (raw) this.#settle(raw);
    socket.allowHalfOpen = true;
    // it has been asked for its peer already
    const { remoteAddress, remotePort } = raw ?? socket;
    const address = formatAddress(remoteAddress, remotePort);
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

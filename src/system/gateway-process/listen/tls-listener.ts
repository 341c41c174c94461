/** TLS in front of the gateway: a client without a certificate of our CA does not reach HTTP. */
import { constants } from "node:crypto";
import type { Socket } from "node:net";
import { createServer, type Server, type TLSSocket } from "node:tls";
import {
  type AddressGroup,
  addressGroup,
  type Gateway,
  HandshakeQueue,
  JOB_PROTOCOL,
  JOIN_PROTOCOL,
  type JobConnections,
  type JobExchange,
  type Joiners,
  KnownAddresses,
  type Peer,
  Rate,
  RENEW_PROTOCOL,
  type Renewers,
  WaitingRoom,
} from "../../../gateway/index.ts";
import { slowest } from "../slowest.ts";
import { formatAddress } from "./format-address.ts";
import { ourCertificateOf, type PeerKey, PeerKeys, publicKeyOf } from "./peer-keys.ts";
import type { TlsOptions } from "./tls-context.ts";

/** Milliseconds before the first keep-alive probe, which detects a closed laptop even if no data is sent. */
export const KEEP_ALIVE_MS = 30_000;

/** A handshake takes two round trips of at most about 300 ms each. */
const SLOW_MS = 1_000;
/** Milliseconds between two checks whether a stranger's handshake may begin; about one begins at each. */
const PACE_MS = 5;
/** Strangers' handshakes that may begin at once after a quiet time. */
const BURST = 64;

/** A TCP connection before its TLS handshake is complete. Times are from a monotonic clock. */
interface Pending {
  readonly group: AddressGroup;
  readonly isKnown: boolean;
  /** Deadline for the handshake, ms. */
  readonly until: number;
  /** When its handshake began, ms; null before. */
  begunAt: number | null;
  /** Leaves the queue, or ends its turn. */
  leave: () => void;
}

/** Who serves the connections that do not speak HTTP. */
export interface ShortTalks {
  readonly joiners: Joiners;
  readonly renewers: Renewers;
  readonly jobs: JobConnections;
  readonly exchange: Pick<JobExchange, "passOf">;
}

/** By protocol: why a connection is not served, for the records. */
const UNSERVED = {
  [JOIN_PROTOCOL]: "no-invitation",
  [JOB_PROTOCOL]: "no-jobs",
  [RENEW_PROTOCOL]: "not-renewable",
} as const;

export class TlsListener {
  readonly #server: Server;
  readonly #gateway: Gateway;
  readonly #talks: ShortTalks;
  readonly #keys = new PeerKeys();
  readonly #known = new KnownAddresses();
  readonly #rate: Rate;
  readonly #queue: HandshakeQueue;
  /** In order of arrival, which is also the order of deadlines. */
  readonly #pending = new Map<Socket, Pending>();
  /** Connections whose handshake has begun, in that order. */
  readonly #begun = new Map<Socket, Pending>();
  readonly #strangersWaiting = new WaitingRoom<Socket>();
  readonly #knownWaiting = new WaitingRoom<Socket>();
  /** PEM. */
  #trusted: readonly string[];
  #now = performance.now();
  #pace: NodeJS.Timeout | undefined;

  constructor(gateway: Gateway, talks: ShortTalks, options: TlsOptions) {
    this.#talks = talks;
    this.#trusted = options.ca;
    this.#gateway = gateway;
    this.#rate = new Rate(gateway.limits.strangersPerSecond * 60, BURST);
    this.#queue = new HandshakeQueue(gateway.limits, () => this.#rate.take("", performance.now()));
    this.#server = createServer({
      ...options,
      requestCert: true,
      // Checked below: Node would close the connection as silently, but we could not count it.
      rejectUnauthorized: false,
      // We have our own deadline, which starts with the connection; Node's would only emit an event.
      handshakeTimeout: 0,
      ALPNProtocols: ["http/1.1", JOIN_PROTOCOL, RENEW_PROTOCOL, JOB_PROTOCOL],
      // No tickets: a resumed session is not verified again, so an expired certificate would stay valid in its ticket.
      secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
    });
    this.#server.on("secureConnection", (socket) => this.#secured(socket));
  }

  /** Sets the certificates for new connections; open ones keep theirs. */
  setOptions(options: TlsOptions): void {
    this.#server.setSecureContext(options);
    this.#trusted = options.ca;
    this.#keys.clear();
  }

  /** Takes a TCP connection. @param socket allows half-open, paused, nothing read yet */
  admit(socket: Socket): void {
    const { metrics, limits } = this.#gateway;
    const group = addressGroup(socket.remoteAddress ?? "");
    const isKnown = this.#isKnown(group);
    const room = this.#roomOf({ isKnown });
    socket.on("error", () => socket.destroy());
    if (room.countOf(group) >= limits.connectionsPerClient) {
      metrics.note("connection_dropped");
      socket.destroy();
      return;
    }
    room.add(socket, group);
    // During the handshake, the peer's FIN ends the connection: otherwise each scanner or health check would leave a
    // half-open one.
    socket.allowHalfOpen = false;
    const pending: Pending = {
      group,
      isKnown,
      until: this.#now + limits.handshakeMs,
      begunAt: null,
      leave: () => {},
    };
    this.#pending.set(socket, pending);
    socket.on("close", () => {
      if (this.#settle(socket)) metrics.note("handshake_failed");
    });
    pending.leave = this.#queue.enter(group, isKnown, () => this.#handshake(socket, pending));
    this.#keepPace();
  }

  /** Whether the limit of waiting connections is reached. */
  get isFull(): boolean {
    return this.#pending.size >= this.#gateway.limits.waiting;
  }

  /**
   * Makes room for a new connection when all places are taken. A newcomer from a known address takes the place of a
   * stranger if there is one. Otherwise the address block with the most waiting connections loses one, if it has more
   * than the newcomer's block.
   * @param newcomer null: it came over a local socket
   * @returns whether there is room now
   */
  makeRoom(newcomer: Socket | null): boolean {
    const group = addressGroup(newcomer?.remoteAddress ?? "");
    const isKnown = newcomer === null || this.#isKnown(group);
    const victim =
      this.#strangersWaiting.largest(isKnown ? 0 : this.#strangersWaiting.countOfBlock(group)) ??
      (isKnown ? this.#knownWaiting.largest(this.#knownWaiting.countOfBlock(group)) : undefined);
    if (!victim) return false;
    this.#evict(victim);
    return true;
  }

  /**
   * Ends connections past their deadline. When all turns are taken, slow handshakes of the networks with the most of
   * them give way to networks that have none: otherwise a few silent addresses could keep everybody waiting. Call it a
   * few times a second.
   */
  sweep(): void {
    this.#now = performance.now();
    this.#talks.joiners.sweep(this.#now);
    this.#talks.renewers.sweep(this.#now);
    this.#talks.jobs.sweep(this.#now);
    for (const [socket, { until }] of this.#pending) {
      if (this.#now < until) break;
      this.#settle(socket);
      this.#gateway.metrics.note("handshake_failed");
      socket.destroy();
    }
    const { starved } = this.#queue;
    if (starved === 0) return;
    const slow = slowest(this.#begun, this.#now - SLOW_MS);
    for (const socket of slow.slice(0, starved)) this.#evict(socket);
  }

  /** Ends all connections whose handshake is not complete. */
  close(): void {
    clearTimeout(this.#pace);
    this.#talks.joiners.close();
    this.#talks.renewers.close();
    this.#talks.jobs.close();
    for (const socket of this.#pending.keys()) socket.destroy();
  }

  #isKnown({ network }: AddressGroup): boolean {
    return this.#known.has(network, this.#gateway.coarseNow);
  }

  #roomOf({ isKnown }: Pick<Pending, "isKnown">): WaitingRoom<Socket> {
    return isKnown ? this.#knownWaiting : this.#strangersWaiting;
  }

  /** Frees its place immediately, not only when the socket has closed. */
  #evict(socket: Socket): void {
    this.#settle(socket);
    this.#gateway.metrics.note("connection_evicted");
    socket.destroy();
  }

  #handshake(socket: Socket, pending: Pending): void {
    this.#gateway.handshakes = this.#queue.running;
    pending.begunAt = this.#now;
    this.#begun.set(socket, pending);
    this.#server.emit("connection", socket);
  }

  #keepPace(): void {
    if (this.#pace !== undefined || this.#queue.waiting === 0) return;
    this.#pace = setTimeout(() => {
      this.#pace = undefined;
      this.#queue.next();
      this.#keepPace();
    }, PACE_MS);
  }

  /** Removes a connection from all queues. @returns false if it was in none */
  #settle(socket: Socket): boolean {
    const pending = this.#pending.get(socket);
    if (!pending) return false;
    this.#pending.delete(socket);
    this.#begun.delete(socket);
    this.#roomOf(pending).remove(socket, pending.group);
    pending.leave();
    this.#gateway.handshakes = this.#queue.running;
    return true;
  }

  #secured(socket: TLSSocket): void {
    const raw = (socket as unknown as { readonly _parent: Socket | null })._parent;
    if (raw) this.#settle(raw);
    socket.allowHalfOpen = true;
    // admit() has already read the peer's address from it
    const { remoteAddress, remotePort } = raw ?? socket;
    const address = formatAddress(remoteAddress, remotePort);
    const group = addressGroup(remoteAddress ?? "");
    const { network } = group;
    const { alpnProtocol: protocol } = socket;
    if (protocol === JOIN_PROTOCOL || protocol === RENEW_PROTOCOL || protocol === JOB_PROTOCOL) {
      this.#talk(socket, protocol, { address, group });
      return;
    }
    if (!socket.authorized) {
      this.#known.forget(network);
      this.#refuse(socket, address, String(socket.authorizationError ?? "no certificate"));
      return;
    }
    const peer = this.#peerOf(this.#keys.of(socket), address);
    if (this.#gateway.accept(socket, peer)) this.#known.admit(network, this.#gateway.coarseNow);
    else this.#known.forget(network);
  }

  #talk(
    socket: TLSSocket,
    protocol: keyof typeof UNSERVED,
    from: { readonly address: string; readonly group: AddressGroup },
  ): void {
    const { joiners, renewers, jobs } = this.#talks;
    const peer = { ...from, ...publicKeyOf(socket) };
    // Whose key is on the list has places of its own: clients behind one address do not take each other's.
    const ownPlaces = { network: peer.fingerprint, block: peer.fingerprint };
    const takes = {
      [JOIN_PROTOCOL]: () => joiners.take(socket, peer),
      [JOB_PROTOCOL]: () => jobs.take(socket, peer),
      [RENEW_PROTOCOL]: () =>
        renewers.take(socket, {
          ...{ ...peer, group: ownPlaces },
          certificate: ourCertificateOf(socket, this.#trusted),
        }),
    };
    if (!takes[protocol]()) this.#refuse(socket, from.address, UNSERVED[protocol]);
  }

  /** The key of a CI job counts for the client that its token made it. */
  #peerOf({ fingerprint, notAfter }: PeerKey, address: string): Peer {
    const pass = this.#talks.exchange.passOf(fingerprint);
    return pass === null
      ? { address, fingerprint, clientName: null, notAfter }
      : {
          ...{ address, fingerprint: pass.identity, jobKey: fingerprint, clientName: null },
          notAfter: Math.min(notAfter, pass.until),
        };
  }

  #refuse(socket: TLSSocket, address: string, why: string): void {
    this.#gateway.refusePeer(address, why);
    socket.on("error", () => {});
    socket.destroy();
  }
}

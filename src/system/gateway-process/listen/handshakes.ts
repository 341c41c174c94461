/** TCP connections before the end of their TLS handshakes: whose begins next, and who gives way when there are too many. */
import type { Socket } from "node:net";
import {
  type AddressGroup,
  addressGroup,
  type Gateway,
  HandshakeQueue,
  KnownAddresses,
  Rate,
  WaitingRoom,
} from "../../../gateway/index.ts";
import { slowest } from "../slowest.ts";

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

export class Handshakes {
  readonly #gateway: Gateway;
  readonly #begin: (socket: Socket) => unknown;
  readonly #known = new KnownAddresses();
  readonly #rate: Rate;
  readonly #queue: HandshakeQueue;
  /** In order of arrival, which is also the order of deadlines. */
  readonly #pending = new Map<Socket, Pending>();
  /** Connections whose handshake has begun, in that order. */
  readonly #begun = new Map<Socket, Pending>();
  readonly #strangersWaiting = new WaitingRoom<Socket>();
  readonly #knownWaiting = new WaitingRoom<Socket>();
  #now = performance.now();
  #pace: NodeJS.Timeout | undefined;

  /** @param begin reads the client's hello */
  constructor(gateway: Gateway, begin: (socket: Socket) => unknown) {
    this.#gateway = gateway;
    this.#begin = begin;
    this.#rate = new Rate(gateway.limits.strangersPerSecond * 60, BURST);
    this.#queue = new HandshakeQueue(gateway.limits, () => this.#rate.take("", performance.now()));
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

  /** The handshake is complete. */
  end(socket: Socket): void {
    this.#settle(socket);
  }

  /** @param isClient whether somebody on the list has come from there now */
  remember({ network }: AddressGroup, isClient: boolean): void {
    if (isClient) this.#known.admit(network, this.#gateway.coarseNow);
    else this.#known.forget(network);
  }

  /**
   * Ends connections past their deadline. When all turns are taken, slow handshakes of the networks with the most of
   * them give way to networks that have none: otherwise a few silent addresses could keep everybody waiting. Call it a
   * few times a second.
   * @param now ms, monotonic
   */
  sweep(now: number): void {
    this.#now = now;
    for (const [socket, { until }] of this.#pending) {
      if (now < until) break;
      this.#settle(socket);
      this.#gateway.metrics.note("handshake_failed");
      socket.destroy();
    }
    const { starved } = this.#queue;
    if (starved === 0) return;
    const slow = slowest(this.#begun, now - SLOW_MS);
    for (const socket of slow.slice(0, starved)) this.#evict(socket);
  }

  /** Ends all connections whose handshake is not complete. */
  close(): void {
    clearTimeout(this.#pace);
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
    this.#begin(socket);
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
}

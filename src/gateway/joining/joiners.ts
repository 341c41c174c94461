/**
 * Connections of machines that join: few, short, one request each. They never reach the code that reads HTTP, and none is
 * served while no invitation is open.
 */
import type { Duplex } from "node:stream";
import { json, SECOND_MS } from "../../base/index.ts";
import type { AddressGroup } from "../admission/address-group.ts";
import { Rate } from "../admission/rate.ts";
import { WaitingRoom } from "../admission/waiting-room.ts";
import type { Enrolment, Joiner } from "./enrolment.ts";
import { JOIN_REQUEST_BYTES, type JoinAnswer, readJoinRequest } from "./join-protocol.ts";

/** In all, and from one network. */
const MOST = 32;
const MOST_PER_NETWORK = 4;
/** From the end of the handshake to the last byte of the answer. */
const LIFE_MS = 10 * SECOND_MS;
/** A wrong token holds its place for this long. */
const WRONG_MS = SECOND_MS;
/** Wrong tokens that a network is told of; more are closed without an answer. */
const WRONG_PER_MINUTE = 10;
const WRONG_AT_ONCE = 5;

/** Who connects, as far as TLS can tell. */
export interface JoinPeer extends Omit<Joiner, "publicKey"> {
  readonly group: AddressGroup;
  /** null: it showed no certificate, or its key cannot be read. */
  readonly publicKey: string | null;
}

interface Entry {
  readonly socket: Duplex;
  readonly peer: JoinPeer;
  readonly until: number;
  /** null: it has been dealt with. */
  request: Buffer | null;
  /** Sent when its time has come. */
  late: { readonly at: number; readonly answer: JoinAnswer } | null;
}

const NO_KEY: JoinAnswer = {
  refused: "the machine that joins must show an ECDSA key on P-256",
  retry: false,
};
const MALFORMED: JoinAnswer = { refused: "this is not a request to join", retry: false };
const FAILED: JoinAnswer = { refused: "the host failed to store the new client", retry: true };

export class Joiners {
  readonly #enrolment: Enrolment;
  readonly #greeting: () => string;
  readonly #onFailure: (error: Error) => void;
  readonly #room = new WaitingRoom<Entry>();
  readonly #entries = new Set<Entry>();
  readonly #wrong = new Rate(WRONG_PER_MINUTE, WRONG_AT_ONCE);
  #now = performance.now();

  /** @param greeting the line's CA, PEM @param onFailure for the journal */
  constructor(enrolment: Enrolment, greeting: () => string, onFailure: (error: Error) => void) {
    this.#enrolment = enrolment;
    this.#greeting = greeting;
    this.#onFailure = onFailure;
  }

  /**
   * Serves a connection that has negotiated the protocol.
   * @returns false when it is not served: no invitation is open, or its network has too many connections here
   */
  take(socket: Duplex, peer: JoinPeer): boolean {
    if (!this.#enrolment.isOpen || this.#room.countOf(peer.group) >= MOST_PER_NETWORK) return false;
    if (this.#entries.size >= MOST) this.#evict();
    const entry: Entry = {
      socket,
      peer,
      until: this.#now + LIFE_MS,
      request: Buffer.alloc(0),
      late: null,
    };
    this.#entries.add(entry);
    this.#room.add(entry, peer.group);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#forget(entry));
    // Whoever has sent a request gets the answer first.
    socket.on("end", () => entry.request !== null && socket.end());
    socket.on("data", (bytes: Buffer) => this.#read(entry, bytes));
    socket.write(`${JSON.stringify({ ca: this.#greeting() })}\n`);
    return true;
  }

  /** Sends late answers, and ends what has lasted too long. @param now of a monotonic clock, ms */
  sweep(now: number): void {
    this.#now = now;
    for (const entry of this.#entries) {
      const { socket, until, late } = entry;
      if (late !== null && now >= late.at) this.#answer(entry, late.answer);
      if (now >= until) socket.destroy();
    }
  }

  close(): void {
    for (const { socket } of this.#entries) socket.destroy();
  }

  /** Frees the place at once, not only when the socket has closed. */
  #evict(): void {
    const victim = this.#room.largest(0);
    if (victim === undefined) return;
    this.#forget(victim);
    victim.socket.destroy();
  }

  #forget(entry: Entry): void {
    entry.request = null;
    entry.late = null;
    if (this.#entries.delete(entry)) this.#room.remove(entry, entry.peer.group);
  }

  /** What comes after the request is dropped; what is too long for one is not kept. */
  #read(entry: Entry, bytes: Buffer): void {
    if (entry.request === null) return;
    const all = Buffer.concat([entry.request, bytes.subarray(0, JOIN_REQUEST_BYTES + 1)]);
    const end = all.indexOf("\n");
    if (end < 0 && all.length <= JOIN_REQUEST_BYTES) {
      entry.request = all;
      return;
    }
    entry.request = null;
    const read = end < 0 ? null : json.read(all.toString("latin1", 0, end), readJoinRequest);
    if (read === null || "problems" in read || all.length > JOIN_REQUEST_BYTES)
      this.#refuse(entry, "join-malformed", MALFORMED);
    else void this.#join(entry, Buffer.from(read.value.secret, "base64url"));
  }

  async #join(entry: Entry, secret: Buffer): Promise<void> {
    const { publicKey, ...peer } = entry.peer;
    if (publicKey === null) return this.#refuse(entry, "join-without-key", NO_KEY);
    try {
      const { answer, isWrong } = await this.#enrolment.join(secret, { ...peer, publicKey });
      if (!isWrong) this.#answer(entry, answer);
      else if (this.#wrong.take(peer.group.network, this.#now))
        entry.late = { at: this.#now + WRONG_MS, answer };
      else entry.socket.destroy();
    } catch (error) {
      this.#onFailure(error as Error);
      this.#answer(entry, FAILED);
    }
  }

  #refuse(entry: Entry, rule: string, answer: JoinAnswer): void {
    this.#enrolment.noteRefused(rule, entry.peer);
    this.#answer(entry, answer);
  }

  #answer(entry: Entry, answer: JoinAnswer): void {
    entry.late = null;
    entry.socket.end(`${JSON.stringify(answer)}\n`);
  }
}

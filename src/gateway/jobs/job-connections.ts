/**
 * Connections of CI jobs: few and short, one exchange each. They never reach the code that reads HTTP, and none is served
 * while no client is for jobs. Until the issuer's signature is verified, a job is a stranger.
 */
import type { Duplex } from "node:stream";
import { json, SECOND_MS } from "../../base/index.ts";
import { Rate } from "../admission/rate.ts";
import { WaitingRoom } from "../admission/waiting-room.ts";
import type { Joiner } from "../joining/enrolment.ts";
import type { JoinAnswer } from "../joining/join-protocol.ts";
import type { JoinPeer } from "../joining/joiners.ts";
import { IssuerChannel } from "./issuer-channel.ts";
import type { JobExchange } from "./job-exchange.ts";
import { JOB_LINE_BYTES, readFromIssuer, readJobRequest } from "./job-protocol.ts";
import { LineReader } from "./line-reader.ts";

/** In all, and from one network: runners often share an address. */
const MOST = 32;
const MOST_PER_NETWORK = 8;
/** From the end of the handshake to the last byte of the answer: two documents of the issuer take at most 10 s. */
const LIFE_MS = 20 * SECOND_MS;
/** A token that is refused holds its place for this long. */
const WRONG_MS = SECOND_MS;
/** Refused tokens that a network is told of; more are closed without an answer. */
const WRONG_PER_MINUTE = 20;
const WRONG_AT_ONCE = 8;
/** Most bytes from a job: its request, and two documents in base64. */
const MOST_BYTES = 4 * 1024 * 1024;

interface Entry {
  readonly socket: Duplex;
  readonly peer: JoinPeer;
  readonly until: number;
  readonly lines: LineReader;
  bytes: number;
  /** `reading` the request; `working`, and bytes of the issuer may come; `done`, and nothing is read any more. */
  state: "reading" | "working" | "done";
  channel: IssuerChannel | null;
  /** Sent when its time has come. */
  late: { readonly at: number; readonly answer: JoinAnswer } | null;
}

const NO_KEY: JoinAnswer = { refused: "the job must show an ECDSA key on P-256", retry: false };
const MALFORMED: JoinAnswer = { refused: "this is not a request of a job", retry: false };
const FAILED: JoinAnswer = { refused: "the host failed to let the job in", retry: true };

export class JobConnections {
  readonly #exchange: JobExchange;
  readonly #greeting: () => string;
  readonly #onFailure: (error: Error) => void;
  readonly #room = new WaitingRoom<Entry>();
  readonly #entries = new Set<Entry>();
  readonly #wrong = new Rate(WRONG_PER_MINUTE, WRONG_AT_ONCE);
  #now = performance.now();

  /** @param greeting the line's CA, PEM @param onFailure for the journal */
  constructor(exchange: JobExchange, greeting: () => string, onFailure: (error: Error) => void) {
    this.#exchange = exchange;
    this.#greeting = greeting;
    this.#onFailure = onFailure;
  }

  /** @returns false when it is not served: no client is for jobs, or its network has too many connections here */
  take(socket: Duplex, peer: JoinPeer): boolean {
    if (!this.#exchange.isOpen || this.#room.countOf(peer.group) >= MOST_PER_NETWORK) return false;
    if (this.#entries.size >= MOST) this.#evict();
    const entry: Entry = {
      ...{ socket, peer, until: this.#now + LIFE_MS, lines: new LineReader(JOB_LINE_BYTES), bytes: 0 },
      ...{ state: "reading", channel: null, late: null },
    };
    this.#entries.add(entry);
    this.#room.add(entry, peer.group);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#forget(entry));
    socket.on("end", () => this.#ended(entry));
    socket.on("data", (bytes: Buffer) => this.#read(entry, bytes));
    this.#say(entry, { ca: this.#greeting() });
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

  #say({ socket }: Entry, line: object): void {
    if (socket.writable) socket.write(`${JSON.stringify(line)}\n`);
  }

  /** Frees the place at once, not only when the socket has closed. */
  #evict(): void {
    const victim = this.#room.largest(0);
    if (victim === undefined) return;
    this.#forget(victim);
    victim.socket.destroy();
  }

  #forget(entry: Entry): void {
    entry.state = "done";
    entry.late = null;
    entry.channel?.destroy();
    if (this.#entries.delete(entry)) this.#room.remove(entry, entry.peer.group);
  }

  /** A job that has sent its request gets the answer first, unless the issuer's keys are still needed. */
  #ended(entry: Entry): void {
    entry.channel?.deliver(null);
    if (entry.state === "reading") entry.socket.end();
  }

  #read(entry: Entry, bytes: Buffer): void {
    if (entry.state === "done") return;
    entry.bytes += bytes.length;
    const lines = entry.lines.push(bytes);
    if (lines === null || entry.bytes > MOST_BYTES) this.#refuse(entry, "job-malformed", MALFORMED);
    else for (const line of lines) this.#line(entry, line);
  }

  #line(entry: Entry, line: string): void {
    if (entry.state === "done") return;
    if (entry.state === "working") {
      const read = json.read(line, readFromIssuer);
      if ("problems" in read) this.#refuse(entry, "job-malformed", MALFORMED);
      else if (read.value.of === entry.channel?.number) entry.channel.deliver(read.value.received);
      return;
    }
    const read = json.read(line, readJobRequest);
    const { publicKey, ...peer } = entry.peer;
    if ("problems" in read) this.#refuse(entry, "job-malformed", MALFORMED);
    else if (publicKey === null) this.#refuse(entry, "join-without-key", NO_KEY);
    else {
      entry.state = "working";
      void this.#work(entry, read.value, { ...peer, publicKey });
    }
  }

  async #work(entry: Entry, request: { client: string; token: string }, joiner: Joiner): Promise<void> {
    const connect = (): Duplex => {
      entry.channel = new IssuerChannel((entry.channel?.number ?? 0) + 1, (line) => this.#say(entry, line));
      return entry.channel;
    };
    try {
      const { answer, isProven } = await this.#exchange.exchange(request, joiner, connect);
      if (entry.state === "done") return;
      // The issuer may go on sending: what comes now is not a mistake of the job.
      entry.state = "done";
      if (isProven) this.#answer(entry, answer);
      else if (this.#wrong.take(entry.peer.group.network, this.#now))
        entry.late = { at: this.#now + WRONG_MS, answer };
      else entry.socket.destroy();
    } catch (error) {
      this.#onFailure(error as Error);
      this.#answer(entry, FAILED);
    }
  }

  #refuse(entry: Entry, rule: string, answer: JoinAnswer): void {
    if (entry.state === "done") return;
    this.#exchange.noteRefused(rule, entry.peer);
    this.#answer(entry, answer);
  }

  #answer(entry: Entry, answer: JoinAnswer): void {
    entry.state = "done";
    entry.late = null;
    entry.channel?.destroy();
    entry.socket.end(`${JSON.stringify(answer)}\n`);
  }
}

/**
 * Connections of CI jobs: few and short, one exchange each. They never reach the code that reads HTTP, and none is served
 * while the host has no client for jobs. Until the issuer's signature is verified, a job is a stranger.
 */
import type { Duplex } from "node:stream";
import { json, SECOND_MS } from "../../base/index.ts";
import type { IssuedOrRefused } from "../exchange/answer.ts";
import { Place, Places } from "../exchange/places.ts";
import type { Joiner } from "../joining/enrolment.ts";
import type { JoinPeer } from "../joining/joiners.ts";
import { IssuerChannel } from "./issuer-channel.ts";
import type { JobExchange } from "./job-exchange.ts";
import { JOB_LINE_BYTES, readFromIssuer, readJobRequest } from "./job-protocol.ts";
import { LineReader } from "./line-reader.ts";

/** Runners often share an address, and two documents of the issuer take at most 10 s. */
const LIMITS = { mostPerNetwork: 8, lifeMs: 20 * SECOND_MS, wrongPerMinute: 20, wrongAtOnce: 8 };

/** Most bytes from a job: its request, and two documents in base64. */
const MOST_BYTES = 4 * 1024 * 1024;

class Entry extends Place<JoinPeer> {
  readonly lines = new LineReader(JOB_LINE_BYTES);
  bytes = 0;
  /** It has sent its request; bytes of the issuer may come. */
  hasAsked = false;
  channel: IssuerChannel | null = null;

  say(line: object): void {
    if (this.socket.writable) this.socket.write(`${JSON.stringify(line)}\n`);
  }

  override finish(): void {
    super.finish();
    this.channel?.destroy();
  }
}

const NO_KEY: IssuedOrRefused = { refused: "the job must show an ECDSA key on P-256", retry: false };
const MALFORMED: IssuedOrRefused = { refused: "this is not a request of a job", retry: false };
const FAILED: IssuedOrRefused = { refused: "the host failed to let the job in", retry: true };

export class JobConnections {
  readonly #exchange: JobExchange;
  readonly #greeting: () => string;
  readonly #onFailure: (error: Error) => void;
  readonly #places = new Places<Entry>(LIMITS);

  /** @param greeting the line's CA, PEM @param onFailure for the journal */
  constructor(exchange: JobExchange, greeting: () => string, onFailure: (error: Error) => void) {
    this.#exchange = exchange;
    this.#greeting = greeting;
    this.#onFailure = onFailure;
  }

  /** @returns false when it is not served: no client is for jobs, or its network has too many connections here */
  take(socket: Duplex, peer: JoinPeer): boolean {
    if (!this.#exchange.isOpen || !this.#places.hasRoomFor(peer)) return false;
    const entry = new Entry(socket, peer);
    this.#places.take(entry);
    socket.on("end", () => this.#ended(entry));
    socket.on("data", (bytes: Buffer) => this.#read(entry, bytes));
    entry.say({ ca: this.#greeting() });
    return true;
  }

  /** @param now of a monotonic clock, ms */
  sweep(now: number): void {
    this.#places.sweep(now);
  }

  close(): void {
    this.#places.close();
  }

  /** A job that has sent its request gets the answer first, unless the issuer's keys are still needed. */
  #ended(entry: Entry): void {
    entry.channel?.deliver(null);
    if (!entry.hasAsked && !entry.isDone) entry.socket.end();
  }

  #read(entry: Entry, bytes: Buffer): void {
    if (entry.isDone) return;
    entry.bytes += bytes.length;
    const lines = entry.lines.push(bytes);
    if (lines === null || entry.bytes > MOST_BYTES) this.#refuse(entry, "job-malformed", MALFORMED);
    else for (const line of lines) this.#line(entry, line);
  }

  #line(entry: Entry, line: string): void {
    if (entry.isDone) return;
    if (entry.hasAsked) {
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
      entry.hasAsked = true;
      void this.#work(entry, read.value, { ...peer, publicKey });
    }
  }

  async #work(entry: Entry, request: { client: string; token: string }, joiner: Joiner): Promise<void> {
    const connect = (): Duplex => {
      entry.channel = new IssuerChannel((entry.channel?.number ?? 0) + 1, (line) => entry.say(line));
      return entry.channel;
    };
    try {
      const reply = await this.#places.during(entry, () => this.#exchange.exchange(request, joiner, connect));
      if (entry.isDone) return;
      // The issuer may go on sending: what comes now is not a mistake of the job.
      entry.finish();
      this.#places.answer(entry, reply);
    } catch (error) {
      this.#onFailure(error as Error);
      entry.answer(FAILED);
    }
  }

  #refuse(entry: Entry, rule: string, answer: IssuedOrRefused): void {
    if (entry.isDone) return;
    this.#exchange.noteRefused(rule, entry.peer);
    entry.answer(answer);
  }
}

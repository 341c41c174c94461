/**
 * The session of a build, on which the engine calls the client (ADR 0023). Bytes pass unchanged. The messages that the client
 * sends and what it says of errors are checked on their way: what is refused does not reach the engine, and ends the session.
 */
import type { SentAnswer, SentFiles } from "../../policy/index.ts";
import { AskedCalls } from "./asked-calls.ts";
import { FieldError } from "./fields/hpack.ts";
import { SentMessages, SessionError } from "./sent-messages.ts";
import type { Tunnel, TunnelEnds, TunnelParts } from "./tunnel.ts";

type Parts = TunnelParts & { readonly sent: SentFiles };

/** For the record: the call whose messages are refused by what they say, and mostly the only one. */
const DIFF_COPY = "moby.filesync.v1.FileSync/DiffCopy";

export class SessionTunnel implements Tunnel {
  readonly #parts: Parts;
  readonly #ends: TunnelEnds;
  readonly #asked = new AskedCalls((id) => this.#messages.cancelled(id));
  readonly #messages: SentMessages;
  #isOver = false;

  constructor(parts: Parts, ends: TunnelEnds) {
    const { sent, memory } = parts;
    this.#parts = parts;
    this.#ends = ends;
    const check = (why: string | null) => {
      if (why !== null) throw new SessionError(why);
    };
    this.#messages = new SentMessages({
      answerTo: (id) => this.#answerTo(id),
      refusesFields: (id) => this.#asked.refusesFields(id),
      field: (name, value) => check(sent.refusesField(name, value)),
      ended: (id) => this.#asked.ended(id),
      gathers: (bytes) => memory.gathers(bytes),
    });
  }

  #answerTo(id: number): SentAnswer | string | null {
    if (this.#asked.isCancelled(id)) return null;
    const path = this.#asked.pathOf(id);
    if (path === null) return "the session answers a call that was not made, or has ended";
    return this.#parts.sent.answerTo(path) ?? "the session answers a call that builds do not need";
  }

  fromClient(bytes: Buffer): void {
    if (!this.#isRead(() => this.#messages.read(bytes))) return;
    if (!this.#ends.toDocker(Buffer.from(bytes))) this.#ends.clientWanted(false);
  }

  fromDocker(bytes: Buffer): void {
    if (!this.#isRead(() => this.#asked.read(bytes))) return;
    if (!this.#ends.toClient(Buffer.from(bytes))) this.#ends.dockerWanted(false);
  }

  /** @returns whether the bytes may pass */
  #isRead(read: () => void): boolean {
    if (this.#isOver) return false;
    try {
      read();
      return true;
    } catch (error) {
      if (!(error instanceof SessionError || error instanceof FieldError)) throw error;
      this.#refuse(error.message);
      return false;
    }
  }

  clientDrained(): void {
    this.#ends.dockerWanted(true);
  }

  dockerDrained(): void {
    this.#ends.clientWanted(true);
  }

  clientEnded(): void {
    this.#over();
  }

  dockerEnded(): void {
    this.#over();
  }

  destroy(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#parts.memory.gathers(0);
  }

  #refuse(why: string): void {
    const { exchanges, sent } = this.#parts;
    const grpc = { method: DIFF_COPY, writes: true };
    const exchange = exchanges.beginCall({ method: "POST", target: `/${DIFF_COPY}`, call: null, grpc });
    exchange.refuse("deny", sent.rule);
    exchange.finish(why);
    this.#over();
  }

  #over(): void {
    if (this.#isOver) return;
    this.destroy();
    this.#ends.over();
  }
}

/**
 * The session of a build, on which the engine calls the client (ADR 0023). Bytes pass unchanged. The messages that the client
 * sends and what it says of errors are checked on their way: what is refused does not reach the engine, and ends the session.
 * If none of the refused frame has passed yet, the engine gets the reason in its place, and docker prints it.
 */
import type { SentAnswer, SentFiles } from "../../policy/index.ts";
import { AskedCalls } from "./asked-calls.ts";
import { FieldError } from "./fields/hpack.ts";
import { SentMessages, SessionError } from "./sent-messages.ts";
import { dataFrame, framed, STATUS, trailersFrame } from "./status.ts";
import type { Tunnel, TunnelEnds, TunnelParts } from "./tunnel.ts";

type Parts = TunnelParts & { readonly sent: SentFiles };

/** For the record: the call whose messages are refused by what they say, and mostly the only one. */
const DIFF_COPY = "moby.filesync.v1.FileSync/DiffCopy";

/**
 * For the engine to pass on why a build is refused, and for the client to leave. BuildKit writes to its disk before it does. If the
 * session ended before that, docker would print `context canceled`.
 */
const TOLD_MS = 15_000;

export class SessionTunnel implements Tunnel {
  readonly #parts: Parts;
  readonly #ends: TunnelEnds;
  readonly #asked = new AskedCalls((id) => this.#messages.cancelled(id));
  readonly #messages: SentMessages;
  /** Nothing passes any more. */
  #isShut = false;
  #isOver = false;
  #timer: NodeJS.Timeout | undefined;

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
    if (this.#isShut) return;
    const why = this.#whyNot(() => this.#messages.read(bytes));
    if (why !== null) this.#refuse(why, bytes);
    else if (!this.#ends.toDocker(Buffer.from(bytes))) this.#ends.clientWanted(false);
  }

  fromDocker(bytes: Buffer): void {
    if (this.#isShut) return;
    const why = this.#whyNot(() => this.#asked.read(bytes));
    if (why !== null) this.#refuse(why, null);
    else if (!this.#ends.toClient(Buffer.from(bytes))) this.#ends.dockerWanted(false);
  }

  /** @returns why the bytes may not pass; null: they may */
  #whyNot(read: () => void): string | null {
    try {
      read();
      return null;
    } catch (error) {
      if (!(error instanceof SessionError || error instanceof FieldError)) throw error;
      return error.message;
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
    clearTimeout(this.#timer);
    if (this.#isShut) return;
    this.#isShut = true;
    this.#parts.memory.gathers(0);
  }

  /** @param bytes of the client, with what is refused; null: the engine sent it */
  #refuse(why: string, bytes: Buffer | null): void {
    const { exchanges, sent } = this.#parts;
    const grpc = { method: DIFF_COPY, writes: true };
    const exchange = exchanges.beginCall({ method: "POST", target: `/${DIFF_COPY}`, call: null, grpc });
    exchange.refuse("deny", sent.rule);
    exchange.finish(why);
    this.destroy();
    if (bytes === null || !this.#tells(why, bytes)) this.#over();
  }

  /** @returns whether the engine is told why: it ends the build then, and its client the session */
  #tells(why: string, bytes: Buffer): boolean {
    const place = this.#messages.refusedAt;
    if (place === null) return false;
    this.#ends.toDocker(Buffer.from(bytes.subarray(0, place.at)));
    const said = `tetherdock: ${why}`;
    const failure = place.answer?.failure(said) ?? null;
    this.#ends.toDocker(
      failure === null ? trailersFrame(place.id, STATUS.denied, said) : dataFrame(place.id, framed(failure)),
    );
    this.#timer = setTimeout(() => this.#over(), TOLD_MS);
    return true;
  }

  #over(): void {
    this.destroy();
    if (this.#isOver) return;
    this.#isOver = true;
    this.#ends.over();
  }
}

/** One gRPC call: its message is read whole and judged before dockerd gets the call, written anew. */
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  constants,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import type { Calls, CallVerdict, Deny, PassedCall } from "../../policy/index.ts";
import { InTurn } from "../admission/in-turn.ts";
import type { Memory } from "../admission/memory.ts";
import type { AnswerPlace } from "../answers/answer-place.ts";
import { refusalText } from "../clients/refusal-text.ts";
import { type DockerLookup, LookupError } from "../docker/engine-lookup.ts";
import type { Exchange } from "../record/exchange.ts";
import { Gatherer } from "../stream/gatherer.ts";
import { passAnswer } from "./pass-answer.ts";
import { framed, framedLength, onlyMessage, refuse, STATUS, type Status } from "./status.ts";
import { WholeAnswer } from "./whole-answer.ts";

export interface CallParts {
  /** `moby.buildkit.v1.Control/Solve`; empty: the path names no call. */
  readonly method: string;
  readonly calls: Calls;
  readonly exchange: Exchange;
  readonly memory: Pick<Memory, "gathers" | "wantsTurn">;
  readonly lookup: DockerLookup;
  /** Of its answer in dockerd's memory. */
  readonly place: AnswerPlace;
  /** Whether dockerd may keep so many bytes more. */
  readonly mayKeep: (bytes: number) => boolean;
  readonly engine: ClientHttp2Session;
  /** Runs what asks the engine, one at a time for each connection. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
  /** Whether another message may be kept: all calls of a connection share a limit. */
  readonly hasRoom: () => boolean;
  /** Called for each call that is refused. */
  readonly refused: () => void;
  /** Called once. */
  readonly over: () => void;
}

const BUILD_ID = "buildkit-controlapi-buildid";
const FAILED = "the gateway failed to check the call and did not pass it on";
const UNRECORDED = "the gateway cannot write its audit log, and passes nothing on";

const NO_PLACE = ["refuse", "too-many-answers", STATUS.exhausted, refusalText("too-many-answers")] as const;

/** Fields of gRPC that are passed on unchanged. */
const PASSED: readonly string[] = ["te", "user-agent", "grpc-timeout", "grpc-accept-encoding"];

export class GrpcCall {
  readonly #stream: ServerHttp2Stream;
  readonly #headers: IncomingHttpHeaders;
  readonly #parts: CallParts;
  readonly #gatherer: Gatherer;
  readonly #turn: InTurn;
  #call: ClientHttp2Stream | null = null;
  #isOver = false;

  constructor(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, parts: CallParts) {
    this.#stream = stream;
    this.#headers = headers;
    this.#parts = parts;
    this.#gatherer = new Gatherer(framedLength(parts.calls.maxBytes), parts.memory);
    this.#turn = new InTurn(parts.memory);
    stream.on("error", () => {});
    stream.on("close", () => this.stop());
    stream.on("data", (piece: Buffer) => this.#gather(piece));
    stream.on("end", () => this.#judge());
  }

  /** The stream or the connection is over. */
  stop(cancelled = "cancelled"): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#turn.stop();
    this.#dropMessage();
    this.#parts.lookup.stop();
    this.#call?.close(constants.NGHTTP2_CANCEL);
    this.#parts.place.over();
    this.#parts.exchange.finish(this.#stream.rstCode === 0 ? undefined : cancelled);
    this.#parts.over();
  }

  /** Counted until it is judged: it waits for the judges of the calls before it. */
  #dropMessage(): void {
    this.#gatherer.drop();
    this.#parts.memory.gathers(0);
  }

  #gather(piece: Buffer): void {
    const { exchange, hasRoom } = this.#parts;
    if (this.#isOver || exchange.isDecided) return;
    exchange.bytesIn += piece.length;
    if (!this.#gatherer.add(piece) || !hasRoom())
      this.#refuse("refuse", "message-size", STATUS.exhausted, "the message is too large");
  }

  #judge(): void {
    const { method, calls, exchange, lookup, alone, memory, mayKeep } = this.#parts;
    if (this.#isOver || exchange.isDecided) return;
    const message = onlyMessage(this.#gatherer.take());
    if (method === "") this.#refuse("refuse", "no-call", STATUS.unimplemented, "the path names no gRPC call");
    else if (typeof message === "string") this.#refuse("refuse", "message", STATUS.invalid, message);
    else {
      memory.gathers(message.length);
      const id = this.#headers[BUILD_ID];
      const call = { method, message, buildId: typeof id === "string" ? id : null };
      const verdict = this.#turn.run<CallVerdict>(message.length, () =>
        alone(() => calls.judge(call, lookup, mayKeep)),
      );
      Promise.resolve(verdict)
        .then((found) => this.#judged(found))
        .catch((error) => this.#failed(error));
    }
  }

  #judged(verdict: CallVerdict): void {
    if (this.#isOver) return;
    this.#dropMessage();
    if (verdict.allow) this.#begin(verdict);
    else this.#refuse("deny", verdict.rule, STATUS.denied, verdict.reason);
  }

  /** When there is a place for the answer. */
  #begin(verdict: Exclude<CallVerdict, Deny>): void {
    const mayBegin = this.#parts.place.mayBegin();
    if (mayBegin === true) this.#permitted(verdict);
    else
      mayBegin
        .then((isIn) => (isIn ? this.#permitted(verdict) : this.#refuseWaiting()))
        .catch((error) => this.#failed(error));
  }

  #refuseWaiting(): void {
    if (!this.#isOver) this.#refuse(...NO_PLACE);
  }

  #permitted({ rule, call }: Exclude<CallVerdict, Deny>): void {
    if (this.#isOver) return;
    if (!this.#parts.exchange.permit(rule)) refuse(this.#stream, STATUS.unavailable, UNRECORDED);
    else this.#forward(call);
  }

  #failed(error: Error): void {
    if (this.#isOver) return;
    const isDockers = error instanceof LookupError;
    const text = isDockers ? `Docker on the host did not answer: ${error.message}` : FAILED;
    const rule = isDockers ? "docker-unanswered" : "judge-failed";
    this.#refuse("refuse", rule, isDockers ? STATUS.unavailable : STATUS.internal, text);
  }

  #refuse(decision: "deny" | "refuse", rule: string, status: Status, text: string): void {
    const { exchange, refused } = this.#parts;
    this.#dropMessage();
    exchange.refuse(decision, rule);
    exchange.status = 403;
    refuse(this.#stream, status, `tetherdock: ${text}`);
    refused();
  }

  /** @throws Error the engine's session may end at any moment */
  #forward({ message, buildId, finish }: PassedCall<Deny>): void {
    const { method, engine, exchange, memory, place } = this.#parts;
    const kept = PASSED.map((name) => [name, this.#headers[name]]).filter(
      ([, value]) => typeof value === "string",
    );
    const call = engine.request({
      ":method": "POST",
      ":path": `/${method}`,
      ":scheme": "http",
      ":authority": "docker",
      "content-type": "application/grpc",
      ...Object.fromEntries(kept),
      ...(buildId !== null && { [BUILD_ID]: buildId }),
    });
    this.#call = call;
    const stream = this.#stream;
    place.sent(() => this.#cut());
    call.on("close", () => place.done());
    if (finish === undefined) passAnswer(call, stream, exchange, place, () => this.#isOver);
    else {
      const succeeded = (answer: Buffer) => this.#finish(whole, () => finish(answer));
      const whole = new WholeAnswer({ call, stream, exchange, memory, succeeded });
    }
    call.end(framed(message));
  }

  /** The client does not read, and others of its answers are not read either. gRPC's clients say that a resource is exhausted. */
  #cut(): void {
    this.#stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    // Of a client that reads nothing at all, it would not close.
    this.stop("too-much-unread");
  }

  #finish(whole: WholeAnswer, work: () => Promise<Uint8Array | Deny>): void {
    this.#parts
      .alone(work)
      .then((end) => {
        if (this.#isOver) return;
        if (end instanceof Uint8Array) whole.send(end);
        else this.#refuse("deny", end.rule, STATUS.denied, end.reason);
      })
      .catch((error) => this.#failed(error));
  }
}

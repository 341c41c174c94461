/** Reads dockerd's answer to a gRPC call whole, for calls that the gateway finishes itself before the client has the answer. */
import {
  type ClientHttp2Stream,
  constants,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import type { Memory } from "../admission/memory.ts";
import type { Exchange } from "../record/exchange.ts";
import { Gatherer } from "../stream/gatherer.ts";
import { answerFields } from "./pass-answer.ts";
import { framed, onlyMessage, refuse, STATUS } from "./status.ts";

/** What gRPC's clients accept if nobody sets a limit. */
const ANSWER_BYTES = 4 * 1024 * 1024;
const UNREADABLE = "Docker on the host did not answer with one message, as the gateway can read it";

export interface WholeParts {
  readonly call: ClientHttp2Stream;
  readonly stream: ServerHttp2Stream;
  readonly exchange: Exchange;
  readonly memory: Pick<Memory, "gathers">;
  /** The call has succeeded with this message. */
  readonly succeeded: (message: Buffer) => void;
}

export class WholeAnswer {
  readonly #parts: WholeParts;
  readonly #gatherer: Gatherer;
  #head: IncomingHttpHeaders = {};
  #trailers: IncomingHttpHeaders = {};

  constructor(parts: WholeParts) {
    const { call, stream, exchange, memory } = parts;
    this.#parts = parts;
    this.#gatherer = new Gatherer(ANSWER_BYTES, memory);
    call.on("response", (head) => {
      this.#head = head;
      exchange.status = head[":status"] ?? null;
    });
    call.on("trailers", (fields) => {
      this.#trailers = fields;
    });
    call.on("data", (piece: Buffer) => {
      if (!this.#gatherer.add(piece)) call.close(constants.NGHTTP2_CANCEL);
    });
    call.on("error", () => {});
    call.on("close", () => this.#over());
    stream.on("close", () => this.#gatherer.drop());
  }

  /** The client gets what the engine answered, with this message. */
  send(message: Uint8Array): void {
    const { stream, exchange } = this.#parts;
    if (stream.destroyed || stream.closed) return;
    const bytes = framed(message);
    exchange.bytesOut += bytes.length;
    stream.respond(answerFields(this.#head), { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers(answerFields(this.#trailers)));
    stream.end(bytes);
  }

  #over(): void {
    const { call, stream, succeeded } = this.#parts;
    if (stream.destroyed || stream.closed) return;
    const message = onlyMessage(this.#gatherer.take());
    const status = this.#trailers["grpc-status"] ?? this.#head["grpc-status"];
    if (call.rstCode !== constants.NGHTTP2_NO_ERROR || status === undefined)
      refuse(stream, STATUS.unavailable, "Docker on the host did not answer");
    // an error is all in the head, without a message
    else if (status !== "0")
      stream.respond(answerFields({ ...this.#head, ...this.#trailers }), { endStream: true });
    else if (typeof message === "string") refuse(stream, STATUS.internal, UNREADABLE);
    else succeeded(message);
  }
}

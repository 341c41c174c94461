/**
 * One bounded connection to an endpoint: resolve, connect, handshake, ask, read. Whatever the peer does, it ends in
 * time with an observation and a closed socket.
 */
import { connect, isIP, type Socket } from "node:net";
import type { SecureContext, TLSSocket } from "node:tls";
import {
  type HttpAnswer,
  type Observation,
  type ProbeRequest,
  quoteBytes,
  recogniseProtocol,
  type TlsFacts,
} from "../../engine/index.ts";
import { askOver, type Question } from "./ask.ts";
import { BoundedStream } from "./bounded-stream.ts";
import { unreachable } from "./connect-failure.ts";
import { beginHandshake, clientContext, trustOf } from "./secure.ts";
import { alertName } from "./tls-failure.ts";

/** The most that a peer may send on one connection, far more than certificates, head and body. */
const MAX_BYTES = 64 * 1024;

/** Long enough for a round trip around the world; a dead IPv6 route then only delays the probe. */
const ADDRESS_ATTEMPT_MS = 2_000;

/** The current step, for the observation when the limit of time or bytes is reached. */
type Stage = "resolving" | "connecting" | "handshake" | "answer";

class ProbeConnection {
  readonly #request: ProbeRequest;
  readonly #question: Question;
  readonly #context: SecureContext | undefined;
  readonly #socket: Socket;
  readonly #stream: BoundedStream;
  readonly #end = Promise.withResolvers<Observation>();
  #secured: TLSSocket | undefined;
  #stage: Stage;
  #tls: TlsFacts | undefined;
  /** Grows while the body arrives. */
  #answer: HttpAnswer | undefined;

  constructor(request: ProbeRequest, question: Question) {
    this.#request = request;
    this.#question = question;
    const { endpoint, credential } = request;
    const { host, port } = endpoint;
    // Before anything is opened, because an error here is a fault on our side.
    this.#context = credential.kind === "plain" ? undefined : clientContext(credential);
    this.#stage = isIP(host) ? "connecting" : "resolving";
    const autoSelectFamilyAttemptTimeout = Math.max(
      10,
      Math.min(ADDRESS_ATTEMPT_MS, Math.floor(request.timeoutMs / 2)),
    );
    this.#socket = connect({ host, port, autoSelectFamilyAttemptTimeout });
    this.#stream = new BoundedStream(this.#socket, {
      maxBytes: MAX_BYTES,
      onOverflow: () => this.#end.resolve(this.#atOverflow()),
    });
  }

  async run(): Promise<Observation> {
    const timer = setTimeout(() => this.#end.resolve(this.#atDeadline()), this.#request.timeoutMs);
    this.#socket.on("lookup", (error: Error | null) => {
      if (!error) this.#stage = "connecting";
    });
    this.#socket.on("connect", () => this.#connected());
    // Applies only if no handler before it has given a more precise observation.
    this.#stream.on("error", () => undefined);
    this.#stream.on("close", () => this.#end.resolve(this.#atClose()));
    try {
      return await this.#end.promise;
    } finally {
      clearTimeout(timer);
      this.#secured?.destroy();
      this.#stream.destroy();
    }
  }

  #connected(): void {
    const { endpoint, serverName = endpoint.host, credential } = this.#request;
    if (!this.#context) {
      this.#ask(this.#stream);
      return;
    }
    this.#stage = "handshake";
    const secured = beginHandshake(this.#stream, this.#context, serverName);
    this.#secured = secured;
    secured.on("error", (error: NodeJS.ErrnoException) => this.#end.resolve(this.#handshakeFailure(error)));
    secured.once("secureConnect", () => {
      const trust = trustOf(secured, serverName);
      if (!trust) this.#end.resolve({ kind: "tls-failed", detail: "the peer shows no certificate" });
      else if (trust.distrust && credential.kind === "tls")
        this.#end.resolve({ kind: "distrusted", ...trust.distrust, tls: trust.tls });
      else {
        this.#tls = trust.tls;
        this.#ask(secured);
      }
    });
  }

  #ask(stream: BoundedStream | TLSSocket): void {
    this.#stage = "answer";
    askOver(stream, this.#request.endpoint, this.#question, {
      onAnswer: (answer) => {
        this.#answer = answer;
      },
      onEnd: () => this.#end.resolve(this.#answered() ?? this.#atClose()),
      onError: (error) => this.#end.resolve(this.#askFailure(error)),
    });
  }

  #facts(): { readonly tls?: TlsFacts } {
    return this.#tls ? { tls: this.#tls } : {};
  }

  /** If the head of an answer has arrived, it counts as an answer, however its body ended. */
  #answered(): Observation | undefined {
    return this.#answer && { kind: "answered", answer: this.#answer, ...this.#facts() };
  }

  #handshakeFailure(error: NodeJS.ErrnoException): Observation {
    if (this.#stage === "answer") return this.#askFailure(error);
    const { head } = this.#stream;
    const speaks = recogniseProtocol(head);
    if (head.length > 0 && speaks !== "tls") return { kind: "not-tls", speaks, firstBytes: quoteBytes(head) };
    const alert = alertName(error.message);
    if (alert !== undefined) return { kind: "tls-alert", alert, stage: "handshake" };
    // The connection was cut off, not invalid: Node and the kernel both call it ECONNRESET.
    if (error.code === "ECONNRESET" || error.code === "EPIPE") return this.#atClose();
    return { kind: "tls-failed", detail: error.code ?? "unknown" };
  }

  #askFailure(error: NodeJS.ErrnoException & { readonly rawPacket?: Buffer }): Observation {
    const answered = this.#answered();
    if (answered) return answered;
    const alert = alertName(error.message);
    if (alert !== undefined) return { kind: "tls-alert", alert, stage: "after" };
    if (!error.code?.startsWith("HPE_")) return this.#atClose();
    return this.#garbage(
      error.code === "HPE_HEADER_OVERFLOW" ? "its head has no end" : "not HTTP",
      error.rawPacket,
    );
  }

  #garbage(detail: string, bytes: Buffer = this.#tls ? Buffer.alloc(0) : this.#stream.head): Observation {
    const speaks = recogniseProtocol(bytes);
    return { kind: "garbage", detail, speaks, firstBytes: quoteBytes(bytes), ...this.#facts() };
  }

  #atOverflow(): Observation {
    return this.#answered() ?? this.#garbage(`more than ${MAX_BYTES / 1024} KiB without an end`);
  }

  #atDeadline(): Observation {
    if (this.#stage === "resolving")
      return { kind: "unreachable", cause: "dns", detail: "no answer in time" };
    if (this.#stage === "connecting") return { kind: "unreachable", cause: "timeout", detail: "timeout" };
    const bytes = this.#stream.received;
    return this.#answered() ?? { kind: "silent", stage: this.#stage, bytes, ...this.#facts() };
  }

  #atClose(): Observation {
    const { failure, head } = this.#stream;
    if (this.#stage === "resolving" || this.#stage === "connecting")
      return unreachable(failure ?? new Error("closed while connecting"));
    const answered = this.#answered();
    if (answered) return answered;
    if (this.#stage === "handshake" && head.length === 0)
      return { kind: "unreachable", cause: "reset", detail: failure?.code ?? "closed" };
    const speaks = recogniseProtocol(head);
    if (this.#stage === "handshake" && speaks !== "tls")
      return { kind: "not-tls", speaks, firstBytes: quoteBytes(head) };
    return { kind: "closed", how: failure ? "reset" : "closed", stage: this.#stage, ...this.#facts() };
  }
}

/**
 * Asks one question over one new connection.
 * @throws CREDENTIAL_UNUSABLE when the credential's PEM texts cannot be used; never because of network or peer
 */
export async function connectAndAsk(request: ProbeRequest, question: Question): Promise<Observation> {
  return new ProbeConnection(request, question).run();
}

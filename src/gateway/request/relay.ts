/** Passes bytes between a client and its connection to dockerd, counts them, and makes each side wait for the other. */
import type { Memory } from "../admission/memory.ts";
import { type DockerEvents, DockerSide } from "../docker/docker-side.ts";
import type { DockerTerms } from "../docker/docker-terms.ts";
import type { Tunnel, TunnelEnds } from "../grpc/tunnel.ts";
import type { ConnectUpstream } from "../ports.ts";
import type { Exchanges } from "../record/exchanges.ts";
import type { Deadline } from "../stream/deadline.ts";
import type { ClientSide } from "./client-side.ts";
import type { RequestReader } from "./request-reader.ts";

/** What waits for a client that reads events or stats, besides what the kernel has taken: thousands of events. */
const SHARED_BYTES = 2 * 1024 * 1024;

export interface RelayParts {
  readonly client: ClientSide;
  readonly reader: Pick<RequestReader, "bodyDue">;
  readonly exchanges: Pick<Exchanges, "current">;
  readonly deadline: Deadline;
  readonly memory: Memory;
}

export class Relay {
  readonly #client: ClientSide;
  readonly #reader: Pick<RequestReader, "bodyDue">;
  readonly #exchanges: Pick<Exchanges, "current">;
  readonly #deadline: Deadline;
  readonly #memory: Memory;
  #docker: DockerSide;
  #isShared = false;
  #aheadBytes = 0;
  /** Between the two sides, where calls are judged. */
  #tunnel: Tunnel | null = null;

  constructor(connect: ConnectUpstream, parts: RelayParts, events: DockerEvents) {
    this.#client = parts.client;
    this.#reader = parts.reader;
    this.#exchanges = parts.exchanges;
    this.#deadline = parts.deadline;
    this.#memory = parts.memory;
    this.#docker = new DockerSide(connect, parts.memory, events);
  }

  /** Whether the final answer's first bytes have been passed on. */
  get hasAnswered(): boolean {
    return this.#docker.hasAnswered;
  }

  /** Whether the connection to dockerd is over. */
  get hasEnded(): boolean {
    return this.#docker.hasEnded;
  }

  /** Whether bytes still have to be written to dockerd: their memory is needed until then. */
  get isWriting(): boolean {
    return this.#docker.isWriting;
  }

  /** Prepares for the answer to the next request. */
  begin(terms: DockerTerms): void {
    this.#isShared = terms.isShared;
    this.#aheadBytes = terms.place?.kind.aheadBytes ?? 0;
    this.#docker.begin(terms);
  }

  /** @param bytes as the client sent them */
  toDocker(bytes: Buffer): void {
    this.#hasWritten(this.#docker.write(this.#client.kept(bytes)));
  }

  /** Passes on bytes from a connection that is no longer HTTP. */
  pipe(bytes: Buffer): void {
    const { current } = this.#exchanges;
    if (current !== null) current.bytesIn += bytes.length;
    if (this.#tunnel !== null) this.#tunnel.fromClient(bytes);
    else this.toDocker(bytes);
  }

  /** Puts a tunnel between the two sides. @param over called when the tunnel ends by itself */
  beginTunnel(make: (ends: TunnelEnds) => Tunnel, over: () => void): void {
    const ends: TunnelEnds = {
      toClient: (bytes) => this.#write(bytes),
      toDocker: (bytes) => this.#docker.write(bytes),
      clientWanted: (more) => this.#client.read("docker", more),
      dockerWanted: (more) => (more ? this.#docker.resume() : this.#docker.pause()),
      over,
    };
    this.#tunnel = make(ends);
  }

  /** dockerd has sent its last byte. */
  halfCloseClient(): void {
    if (this.#tunnel !== null) this.#tunnel.dockerEnded();
    else this.#client.halfClose();
  }

  /** @param request the whole of it, in its own memory, which counts until dockerd has taken it */
  toDockerWhole(request: Buffer): void {
    const flows = this.#docker.write(request);
    if (!flows) this.#memory.sends(request.length);
    this.#hasWritten(flows);
  }

  dockerDrained(): void {
    this.#memory.sends(0);
    if (this.#tunnel !== null) {
      this.#tunnel.dockerDrained();
      return;
    }
    this.#client.read("docker", true);
    this.#awaitBody();
  }

  /** @returns false when the client is slow: dockerd waits meanwhile, or the client is cut off if others would wait, too */
  toClient(bytes: Buffer): boolean {
    if (this.#tunnel !== null) {
      this.#tunnel.fromDocker(bytes);
      return true;
    }
    const { current } = this.#exchanges;
    if (current !== null) current.bytesOut += bytes.length;
    const flows = this.#client.pass(bytes);
    if (flows) return true;
    if (!this.#isShared) {
      if (this.#client.waitingBytes >= this.#aheadBytes) this.#docker.pause();
    } else if (this.#client.waitingBytes > SHARED_BYTES) this.#memory.yieldMemory();
    return false;
  }

  clientDrained(): void {
    if (this.#tunnel !== null) this.#tunnel.clientDrained();
    else this.#docker.resume();
  }

  /** Ends our side of the connection to dockerd: the client has sent its last byte. */
  endDocker(): void {
    if (this.#tunnel !== null) this.#tunnel.clientEnded();
    else this.#docker.end();
  }

  /** Replaces the connection to dockerd for the next request. */
  renewDocker(): void {
    this.#docker = this.#docker.renewed();
  }

  dropDocker(): void {
    this.#tunnel?.destroy();
    this.#docker.destroy();
    this.#memory.sends(0);
  }

  #write(bytes: Buffer): boolean {
    const { current } = this.#exchanges;
    if (current !== null) current.bytesOut += bytes.length;
    return this.#client.write(bytes);
  }

  /** A slow dockerd is not the client's fault: the client has no deadline meanwhile. */
  #hasWritten(flows: boolean): void {
    if (flows) this.#awaitBody();
    else {
      this.#client.read("docker", false);
      this.#deadline.clear();
    }
  }

  /** A body that is gathered has its own deadline. */
  #awaitBody(): void {
    if (this.#deadline.due === "whole-body") return;
    if (this.#reader.bodyDue) this.#deadline.set("body");
    else this.#deadline.clear("body");
  }
}

/** A TCP connection seen through a tap: what a hostile peer sends is counted and bounded before anybody reads it. */
import type { Socket } from "node:net";
import { Duplex } from "node:stream";

const HEAD_BYTES = 64;

/** Bounds and listeners of a wire. */
export interface WireOptions {
  /** Bytes accepted from the peer, TLS records included; at the first one more the wire is destroyed. */
  readonly maxBytes: number;
  readonly onOverflow: () => void;
}

/**
 * The bytes of a socket, passed on as they are.
 * It stands between the socket and TLS because Node's TLS takes over a real socket's handle, and the first bytes
 * of a peer that speaks no TLS would then be seen by nobody.
 */
export class Wire extends Duplex {
  /** The first bytes received, at most 64. */
  head: Buffer = Buffer.alloc(0);
  received = 0;
  /** The socket's own error: a reset, say, which TLS and HTTP would report in words of theirs. */
  failure: NodeJS.ErrnoException | undefined;
  readonly #socket: Socket;

  constructor(socket: Socket, { maxBytes, onOverflow }: WireOptions) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => {
      this.received += chunk.length;
      if (this.head.length < HEAD_BYTES)
        this.head = Buffer.concat([this.head, chunk]).subarray(0, HEAD_BYTES);
      if (this.received > maxBytes) onOverflow();
      else if (!this.push(chunk)) socket.pause();
    });
    socket.on("end", () => this.push(null));
    socket.on("error", (error) => {
      this.failure = error;
    });
    socket.on("close", () => this.destroy(this.failure));
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}

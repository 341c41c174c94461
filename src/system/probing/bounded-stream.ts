/**
 * A TCP connection whose incoming bytes are counted and limited before anything reads them: the peer may be hostile.
 */
import type { Socket } from "node:net";
import { Duplex } from "node:stream";

const HEAD_BYTES = 64;

/** Bounds and listeners of a stream. */
export interface BoundedStreamOptions {
  /** Bytes accepted from the peer, including TLS records; beyond it `onOverflow` is called. */
  readonly maxBytes: number;
  readonly onOverflow: () => void;
}

/**
 * Passes on the bytes of a socket unchanged. It sits between the socket and TLS because Node's TLS takes over the
 * handle of a real socket, and the first bytes of a peer that does not speak TLS would be lost.
 */
export class BoundedStream extends Duplex {
  /** The first bytes received, at most 64. */
  head: Buffer = Buffer.alloc(0);
  received = 0;
  /** The socket's own error, for example a reset, which TLS and HTTP would report differently. */
  failure: NodeJS.ErrnoException | undefined;
  readonly #socket: Socket;

  constructor(socket: Socket, { maxBytes, onOverflow }: BoundedStreamOptions) {
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

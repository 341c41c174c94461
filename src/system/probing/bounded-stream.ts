/** A TCP connection whose incoming bytes are counted and bounded before anything reads them: the peer may be hostile. */
import type { Socket } from "node:net";
import { Duplex } from "node:stream";

const HEAD_BYTES = 64;

/** Bounds and listeners of a stream. */
export interface BoundedStreamOptions {
  /** Bytes accepted from the peer, TLS records included; one more destroys the stream. */
  readonly maxBytes: number;
  readonly onOverflow: () => void;
}

/**
 * The bytes of a socket, passed on as they are.
 * It stands between the socket and TLS because Node's TLS takes over a real socket's handle, and the first bytes
 * of a peer that speaks no TLS would then be seen by nobody.
 */
export class BoundedStream extends Duplex {
  /** The first bytes received, at most 64. */
  head: Buffer = Buffer.alloc(0);
  received = 0;
  /** The socket's own error: a reset, say, which TLS and HTTP would report in words of theirs. */
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

/** A connection to an issuer that a job passes on, as a stream: what is written to it goes out as lines of JSON. */
import { Duplex } from "node:stream";
import { PIECE_BYTES } from "./job-protocol.ts";

/** Most bytes from one connection: an answer of 1 MiB, its head, and the handshake. */
const MAX_RECEIVED = 1_280 * 1024;

export class IssuerChannel extends Duplex {
  readonly #say: (line: object) => void;
  #received = 0;
  readonly number: number;

  /** @param number of the connection @param say sends a line to the job */
  constructor(number: number, say: (line: object) => void) {
    super({ allowHalfOpen: false });
    this.#say = say;
    say({ connect: number });
    this.number = number;
  }

  /** @param bytes what the job has passed; null: the issuer has closed the connection */
  deliver(bytes: Buffer | null): void {
    if (this.destroyed) return;
    this.#received += bytes?.length ?? 0;
    if (this.#received > MAX_RECEIVED) this.destroy(new Error("it sends more than 1 MiB"));
    // Not held back when the reader is slow: there is a limit to all of it.
    else this.push(bytes);
  }

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES)
      this.#say({ send: bytes.toString("base64", at, Math.min(bytes.length, at + PIECE_BYTES)) });
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#say({ close: true });
    done(error);
  }
}

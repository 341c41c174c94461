/**
 * The memory that a client's bytes are read into. Node takes new memory for each piece, and collecting that is what an
 * upload costs most. So small pieces of all clients go into one buffer, and who sends large ones gets one of its own.
 */
import type { Duplex } from "node:stream";
import type { GatewayContext } from "../gateway-context.ts";

/** What one TLS record holds (RFC 8446 §5.1): no piece is larger. */
export const READ_BYTES = 16 * 1024;
/** Copying more than this costs more than 16 KiB for a connection. Less is always copied: a byte must not hold 16 KiB. */
const LARGE_BYTES = 4 * 1024;

export class ClientReader {
  readonly #context: Pick<GatewayContext, "released">;
  /** Without one, the shared buffer is read into. */
  #own: Buffer | null = null;
  readonly #isOurs: boolean;
  #last = 0;

  /**
   * @param take gets what comes
   * @param isHeld whether bytes that were taken are still to be written somewhere
   */
  constructor(
    socket: Duplex,
    context: Pick<GatewayContext, "readInto" | "shared" | "released">,
    take: (bytes: Buffer) => void,
    isHeld: () => boolean,
  ) {
    this.#context = context;
    const onBytes = (bytes: Buffer) => {
      this.#last = bytes.length;
      take(bytes);
    };
    this.#isOurs = context.readInto(socket, {
      first: context.shared,
      onBytes,
      next: () => this.#next(isHeld),
    });
    if (this.#isOurs) return;
    socket.on("data", (bytes: Buffer) => {
      take(bytes);
      context.released(bytes.length);
    });
  }

  /** Whether so many bytes of what is told now are overwritten by the next ones, whosever those are. */
  overwrites(bytes: number): boolean {
    return this.#isOurs && (this.#own === null || bytes < LARGE_BYTES);
  }

  /** Other memory, when what was read last was large, and is still needed or nobody's own. */
  #next(isHeld: () => boolean): Buffer | null {
    if (this.#last < LARGE_BYTES || (this.#own !== null && !isHeld())) return null;
    if (this.#own !== null) this.#context.released(READ_BYTES);
    this.#own = Buffer.allocUnsafeSlow(READ_BYTES);
    return this.#own;
  }
}

/**
 * The memory that a client's bytes are read into. Node allocates new memory for each piece, and collecting it is most
 * of the cost of an upload. So small pieces from all clients share one buffer; a client that sends large ones gets its
 * own.
 */
import type { Duplex } from "node:stream";
import type { GatewayContext } from "../gateway-context.ts";

/** The size of a TLS record (RFC 8446 §5.1): no piece is larger. */
export const READ_BYTES = 16 * 1024;
/**
 * From this size on, a copy costs more than 16 KiB per connection. Smaller pieces are copied, so that one byte does not
 * keep 16 KiB alive.
 */
const LARGE_BYTES = 4 * 1024;

export class ClientReader {
  readonly #context: Pick<GatewayContext, "released">;
  /** null: reads into the shared buffer. */
  #own: Buffer | null = null;
  readonly #isOurs: boolean;
  #last = 0;

  /**
   * @param take receives each piece
   * @param isHeld whether earlier pieces still have to be written somewhere
   */
  constructor(
    socket: Duplex,
    context: Pick<GatewayContext, "sockets" | "shared" | "released">,
    take: (bytes: Buffer) => void,
    isHeld: () => boolean,
  ) {
    this.#context = context;
    const onBytes = (bytes: Buffer) => {
      this.#last = bytes.length;
      take(bytes);
    };
    this.#isOurs = context.sockets.readInto(socket, {
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

  /** Whether the next read, of any client, may overwrite a piece of this size. */
  overwrites(bytes: number): boolean {
    return this.#isOurs && (this.#own === null || bytes < LARGE_BYTES);
  }

  /** @returns new memory after a large piece that is still needed or is in the shared buffer; null: the same */
  #next(isHeld: () => boolean): Buffer | null {
    if (this.#last < LARGE_BYTES || (this.#own !== null && !isHeld())) return null;
    if (this.#own !== null) this.#context.released(READ_BYTES);
    this.#own = Buffer.allocUnsafeSlow(READ_BYTES);
    return this.#own;
  }
}

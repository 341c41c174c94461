/**
 * The client library's connection, with the bounds that it lacks. It gives up waiting for a server that accepts a connection
 * and says nothing, but keeps the socket open for good; and it reads messages of 64 MiB, and lines of any length.
 */
import { once } from "node:events";
import { createConnection, type Socket } from "node:net";
import { NodeTransport } from "@nats-io/transport-node/lib/node_transport.js";
import { MINUTE_MS, SECOND_MS } from "../../../base/index.ts";

/** From the first packet to the end of the TLS handshake. */
export const CONNECT_MS = 5 * SECOND_MS;

/** Bytes of what a server says of itself before TLS: its names, and those of its cluster. The library scans all for each piece. */
const MOST_INFO = 64 * 1024;

/**
 * Bytes in a minute: some hundred lists of a thousand clients. It limits a message too, to twice as much: a server cannot answer
 * a ping within a message, and one that answers none is left long before a minute has passed.
 */
export const MOST_IN_A_MINUTE = 16 * 1024 * 1024;

/** Bytes that do not count. */
export interface Allowance {
  /** They were asked for, and may come. */
  bytes: number;
  /** They have come, each in a whole message that was wanted: there is a bound for those of each host. */
  settled: number;
}

export const noAllowance = (): Allowance => ({ bytes: 0, settled: 0 });

export class BoundedTransport extends NodeTransport {
  #late: NodeJS.Timeout | undefined;
  readonly #allowance: Allowance;
  #received = 0;
  #since = 0;

  constructor(allowance = noAllowance()) {
    super();
    this.#allowance = allowance;
  }

  override async dial({ hostname, port }: { hostname: string; port: number }): Promise<Socket> {
    const socket = createConnection({ host: hostname, port, noDelay: true });
    this.#late = setTimeout(() => socket.destroy(new Error("it does not answer")), CONNECT_MS);
    try {
      await once(socket, "connect");
    } catch (error) {
      clearTimeout(this.#late);
      throw error;
    }
    return socket;
  }

  /** The library calls it for what a server says before TLS. */
  override peekInfo(): ReturnType<NodeTransport["peekInfo"]> {
    const info = super.peekInfo();
    this.#limit(this.socket, MOST_INFO, noAllowance());
    return info;
  }

  /** The library calls it when the connection is established. */
  override setupHandlers(): void {
    clearTimeout(this.#late);
    super.setupHandlers();
    this.#limit(this.socket, MOST_IN_A_MINUTE, this.#allowance);
  }

  #limit(socket: Socket, most: number, allowance: Allowance): void {
    socket.on("data", ({ length }: Buffer) => {
      const now = performance.now();
      if (now - this.#since > MINUTE_MS) [this.#since, this.#received] = [now, 0];
      const asked = Math.min(length, allowance.bytes);
      allowance.bytes -= asked;
      this.#received = Math.max(0, this.#received + length - asked - allowance.settled);
      allowance.settled = 0;
      if (this.#received > most) socket.destroy(new Error(`it sends more than ${most} bytes in a minute`));
    });
  }
}

/**
 * The client library's connection, with a bound for its beginning: the library gives up waiting for a server that accepts a
 * connection and says nothing, but keeps the socket open for good.
 */
import { once } from "node:events";
import { createConnection, type Socket } from "node:net";
import { NodeTransport } from "@nats-io/transport-node/lib/node_transport.js";
import { SECOND_MS } from "../../../base/index.ts";

/** From the first packet to the end of the TLS handshake. */
export const CONNECT_MS = 5 * SECOND_MS;

export class BoundedTransport extends NodeTransport {
  #late: NodeJS.Timeout | undefined;

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

  /** The library calls it when the connection is established. */
  override setupHandlers(): void {
    clearTimeout(this.#late);
    super.setupHandlers();
  }
}

/** Joins a client and its connection to the engine: bytes, ends and backpressure pass in both directions. */
import type { Socket } from "node:net";

/** @param upstream paused; nothing of it has been read */
export function splice(client: Socket, upstream: Socket): void {
  const cut = () => {
    client.destroy();
    upstream.destroy();
  };
  client.on("error", cut);
  upstream.on("error", cut);
  // What one side sent before it ended is still written to the other.
  client.on("close", () => (client.readableEnded ? upstream.destroySoon() : upstream.destroy()));
  upstream.on("close", () => (upstream.readableEnded ? client.destroySoon() : client.destroy()));
  client.pipe(upstream);
  upstream.pipe(client);
}

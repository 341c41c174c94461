/**
 * A network with a long round trip, in front of one TCP endpoint. It delays bytes in both directions by half a round trip,
 * and the first ones of a connection by a whole one more: the handshake of TCP, which a relay answers at once.
 */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface SlowRelay extends AsyncDisposable {
  readonly port: number;
  /** Milliseconds of a round trip; may be changed while nothing is on its way. */
  roundTrip: number;
}

function pass(from: Socket, to: Socket, delay: () => number): void {
  const later = (work: () => void) => setTimeout(work, delay());
  from.on("data", (bytes) => later(() => void (to.destroyed || to.write(bytes))));
  from.on("end", () => later(() => to.end()));
  from.on("error", () => later(() => to.destroy()));
}

/** @param roundTrip milliseconds @param listenPort on 127.0.0.1; 0: any */
export async function slowRelay(
  host: string,
  port: number,
  roundTrip: number,
  listenPort = 0,
): Promise<SlowRelay> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (client) => {
    const half = () => relay.roundTrip / 2;
    open.add(client.once("close", () => open.delete(client)));
    setTimeout(() => {
      const server = connect({ host, port, allowHalfOpen: true, noDelay: true });
      open.add(server.once("close", () => open.delete(server)));
      pass(server, client, half);
      pass(client, server, half);
      client.resume();
    }, relay.roundTrip);
  });
  server.listen(listenPort, "127.0.0.1");
  await once(server, "listening");
  const relay: SlowRelay = {
    port: (server.address() as AddressInfo).port,
    roundTrip,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return relay;
}

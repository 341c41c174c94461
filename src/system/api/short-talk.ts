/** The client's side of the gateway's one-line protocols: TLS with an application protocol of its own. */
import { once } from "node:events";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";
import type { Endpoint } from "../../engine/index.ts";

/** @param timeMs for the connection, from its first packet to its last line @throws what the network or TLS reports */
export async function openTalk(
  { host, port }: Endpoint,
  options: ConnectionOptions,
  timeMs: number,
): Promise<TLSSocket> {
  const socket = connect({ host, port, minVersion: "TLSv1.2", ...options });
  // Not the socket's own timeout: each byte begins that anew.
  const timer = setTimeout(
    () => socket.destroy(Object.assign(new Error("no answer"), { code: "ETIMEDOUT" })),
    timeMs,
  );
  socket.once("close", () => clearTimeout(timer));
  try {
    await once(socket, "secureConnect");
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return socket;
}

/** Failures of the network and of TLS itself; what is left is a certificate that was not accepted. */
export function isConnectionFailure({ code = "" }: NodeJS.ErrnoException): boolean {
  return code.startsWith("E") && !code.startsWith("ERR_TLS_CERT");
}

/** Reads lines, each of limited length. */
export async function* linesOf(socket: TLSSocket, mostBytes: number): AsyncGenerator<string, undefined> {
  let rest = "";
  for await (const chunk of socket.setEncoding("latin1") as AsyncIterable<string>) {
    rest += chunk;
    for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
      yield rest.slice(0, end);
      rest = rest.slice(end + 1);
    }
    if (rest.length > mostBytes) throw new Error("it sends an endless line");
  }
}

/** @returns undefined: the connection ended first, whichever way */
export async function nextLine(lines: AsyncGenerator<string, undefined>): Promise<string | undefined> {
  return (await lines.next().catch(() => undefined))?.value;
}

/** Fetches an issuer's document over TLS, through a connection that a job passes on (ADR 0033). */
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import { connect, type TLSSocket } from "node:tls";
import { SECOND_MS } from "../../../base/index.ts";
import type { FetchDocument } from "../../../gateway/index.ts";
import { textUpTo } from "../../service/text-up-to.ts";

/** From the first byte of the handshake to the last of the answer. */
const TIME_MS = 5 * SECOND_MS;
const MOST_BYTES = 1024 * 1024;
const MOST_HEAD_BYTES = 16 * 1024;

async function secured(connection: Duplex, { hostname }: URL, ca: string | null): Promise<TLSSocket> {
  const host = hostname.replace(/^\[|\]$/g, "");
  const own = ca === null ? {} : { ca };
  // For a name, `host` is also what is sent as server_name; an address is verified all the same.
  const socket = connect({ socket: connection, host, servername: isIP(host) === 0 ? host : "", ...own });
  // The job passes what it likes, at any time: without a listener, an error would end the gateway.
  socket.on("error", () => {});
  await once(socket, "secureConnect");
  return socket;
}

async function answered(socket: TLSSocket, { pathname, search, host }: URL): Promise<IncomingMessage> {
  // Without an agent, or it would connect on its own.
  const asked = request({
    createConnection: () => socket,
    path: pathname + search,
    headers: { host, accept: "application/json", "accept-encoding": "identity", connection: "close" },
    maxHeaderSize: MOST_HEAD_BYTES,
  });
  asked.on("error", () => {});
  asked.end();
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  return answer;
}

async function bodyOf(answer: IncomingMessage): Promise<string> {
  const { statusCode, headers } = answer;
  if (statusCode !== 200) throw new Error(`it answers with status ${statusCode}`);
  if ((headers["content-encoding"] ?? "identity") !== "identity") throw new Error("its answer is compressed");
  const text = await textUpTo(answer, MOST_BYTES);
  if (text === null) throw new Error("its answer is longer than 1 MiB");
  return text;
}

export const fetchDocument: FetchDocument = async (url, ca, connection) => {
  const timer = setTimeout(() => connection.destroy(new Error("it does not answer within 5 s")), TIME_MS);
  // Whatever ends the connection, the error says why: TLS itself would only say that it was closed.
  const broken = new Promise<never>((_, reject) => connection.on("error", reject));
  broken.catch(() => {});
  const work = async () => bodyOf(await answered(await secured(connection, url, ca), url));
  try {
    const done = work();
    done.catch(() => {});
    return await Promise.race([done, broken]);
  } finally {
    clearTimeout(timer);
    connection.destroy();
  }
};

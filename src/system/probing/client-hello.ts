/** Sends one ClientHello and reads the answer, with limits for bytes and time. Nothing else is ever sent. */
import { connect } from "node:net";
import { type Endpoint, readServerFlight, type ServerFlight } from "../../engine/index.ts";

/** Far more than a chain of certificates. */
const MAX_BYTES = 32 * 1024;

/** When the answer is enough. */
export interface ClientHelloOptions {
  readonly timeoutMs: number;
  /** Wait for the certificates after the ServerHello (before TLS 1.3). */
  readonly certificates: boolean;
}

function isEnough({ state, version, certificates }: ServerFlight, options: ClientHelloOptions): boolean {
  if (state !== "hello") return state === "refused";
  return !options.certificates || version === "TLSv1.3" || certificates !== undefined;
}

/**
 * @param hello one TLS record, as encodeClientHello makes it
 * @returns what the server agreed to; `refused` also for any network failure
 */
export function sendClientHello(
  endpoint: Endpoint,
  hello: Uint8Array,
  options: ClientHelloOptions,
): Promise<ServerFlight> {
  const { promise, resolve } = Promise.withResolvers<ServerFlight>();
  const socket = connect({ host: endpoint.host, port: endpoint.port });
  let received = Buffer.alloc(0);
  const end = (): void => {
    const flight = readServerFlight(received);
    resolve(flight.state === "more" ? { state: "refused" } : flight);
  };
  const timer = setTimeout(end, options.timeoutMs);
  socket.on("connect", () => socket.write(hello));
  socket.on("data", (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]).subarray(0, MAX_BYTES);
    if (received.length === MAX_BYTES || isEnough(readServerFlight(received), options)) end();
  });
  // The close event that follows ends it.
  socket.on("error", () => undefined);
  socket.on("close", end);
  return promise.finally(() => {
    clearTimeout(timer);
    socket.destroy();
  });
}

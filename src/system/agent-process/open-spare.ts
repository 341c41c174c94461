/** Opens a connection to an engine and sends the ping ahead. */
import { connect, type TLSSocket } from "node:tls";
import { AGENT_LIMITS, pingRequest, readPingAnswer } from "../../agent/index.ts";
import { formatEndpoint } from "../../engine/index.ts";
import { alertName } from "../probing/tls-failure.ts";
import type { Access } from "./access.ts";

/** Detects a host that is gone, within 25 s; also keeps routers from forgetting the connection. */
const KEEP_ALIVE_MS = 15_000;

/** A connection that no client has used yet. */
export interface Spare {
  readonly socket: TLSSocket;
  /** The engine's answer to the ping. */
  readonly answer: Buffer;
  /** The address of this machine that it uses. */
  readonly localAddress: string;
}

/** Why a connection failed, in a few words. */
function reasonOf(error: NodeJS.ErrnoException): string {
  const alert = alertName(error.message);
  return alert === undefined ? error.message : `it refuses the certificate (${alert})`;
}

/** @param signal gives the connection up @returns when the engine has answered; @throws an Error whose message says why it did not */
export function openSpare(
  { endpoint, context }: Access,
  version: string,
  signal: AbortSignal,
): Promise<Spare> {
  const { host, port } = endpoint;
  const options = { host, port, secureContext: context, allowHalfOpen: true };
  const socket = connect(options);
  socket.setKeepAlive(true, KEEP_ALIVE_MS).setNoDelay(true);
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", giveUp);
      socket.destroy();
      reject(new Error(reason));
    };
    const giveUp = () => fail("it is not needed any more");
    const closed = () => fail("it closed the connection without an answer: it may refuse the certificate");
    const timer = setTimeout(() => fail("no answer in time"), AGENT_LIMITS.openMs);
    let received: Buffer = Buffer.alloc(0);
    const read = (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
      const ping = readPingAnswer(received);
      if (ping === "more") return;
      if ("unusable" in ping) return fail(ping.unusable);
      clearTimeout(timer);
      signal.removeEventListener("abort", giveUp);
      socket.off("data", read).off("end", closed).off("close", closed).pause();
      resolve({ socket, answer: ping.answer, localAddress: socket.localAddress ?? "" });
    };
    signal.addEventListener("abort", giveUp);
    // This listener stays: an error that nobody listens for would end the process.
    socket.on("error", (error) => fail(reasonOf(error)));
    socket.on("end", closed).on("close", closed).on("data", read);
    socket.once("secureConnect", () => socket.write(pingRequest(formatEndpoint(endpoint), version)));
  });
}

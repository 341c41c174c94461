/** One request and its answer as bytes: nothing is parsed that could hide a difference. */
import { once } from "node:events";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import type { LineKeys } from "./line-on-host.ts";

/** A request that is sent unchanged by different ways. */
export interface Exchange {
  readonly method: string;
  readonly target: string;
  readonly body?: string;
}

function bytesOf({ method, target, body }: Exchange): string {
  const content =
    body === undefined ? "" : `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`;
  return `${method} ${target} HTTP/1.1\r\nHost: docker\r\n${content}Connection: close\r\n\r\n${body ?? ""}`;
}

async function converse(socket: Duplex, exchange: Exchange): Promise<string> {
  const parts: Buffer[] = [];
  socket.on("data", (part: Buffer) => parts.push(part));
  socket.write(bytesOf(exchange));
  await once(socket, "end");
  socket.end();
  return Buffer.concat(parts).toString("latin1");
}

export function askDirectly(socketPath: string, exchange: Exchange): Promise<string> {
  return converse(connect({ path: socketPath, allowHalfOpen: true }), exchange);
}

export function askThroughLine({ host, port, ca, cert, key }: LineKeys, exchange: Exchange): Promise<string> {
  return converse(connectTls({ host, port, ca, cert, key }), exchange);
}

/** The differences between two answers to the same request at different times. */
export function withoutDate(answer: string): string {
  return answer.replace(/^Date: .*\r\n/m, "");
}

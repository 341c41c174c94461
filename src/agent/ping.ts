/**
 * The ping that the agent sends ahead. Docker's CLI begins each connection with `HEAD /_ping`; the agent has asked it on
 * the same connection already, so the CLI gets this answer without a round trip. Each connection serves one client only,
 * so the engine sees as many pings as without an agent. The answer also proves that the engine accepts the certificate:
 * with TLS 1.3, a handshake does not.
 */
import { INCOMPLETE, readResponseHead } from "../http/index.ts";

const MAX_HEAD_BYTES = 16 * 1024;

/** @param authority host and port of the engine @param version of tetherdock */
export function pingRequest(authority: string, version: string): string {
  return `HEAD /_ping HTTP/1.1\r\nHost: ${authority}\r\nUser-Agent: tetherdock-agent/${version}\r\n\r\n`;
}

/** `more`: it is not complete. `unusable`: why no client can be given this connection. */
export type PingAnswer = "more" | { readonly unusable: string } | { readonly answer: Buffer };

/** @param bytes everything received since the ping */
export function readPingAnswer(bytes: Buffer): PingAnswer {
  const head = readResponseHead(bytes, 0);
  if (head.length === INCOMPLETE)
    return bytes.length < MAX_HEAD_BYTES ? "more" : { unusable: "its answer has no end" };
  if (head.length < 0) return { unusable: "it does not speak HTTP/1.1" };
  if (head.status !== 200) return { unusable: `it answers a ping with status ${head.status}` };
  if (head.close) return { unusable: "it closes each connection after one answer" };
  if (head.length !== bytes.length) return { unusable: "it sends more than the answer to a ping" };
  return { answer: bytes };
}

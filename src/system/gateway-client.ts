/** Calls of a gateway's own API over a line's mutual TLS. */
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { text } from "node:stream/consumers";
import { TetherdockError } from "../base/index.ts";
import type { Endpoint } from "../engine/index.ts";
import { formatEndpoint } from "../engine/index.ts";
import { LOCAL_PREFIX } from "../gateway/index.ts";

/** How to get in. */
export interface GatewayAccess {
  readonly endpoint: Endpoint;
  readonly caPem: string;
  readonly certPem: string;
  readonly keyPem: string;
}

/** One call. */
export interface GatewayCall {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  /** Below the prefix, encoded: `clients/anna%40laptop`. */
  readonly path: string;
  /** Becomes JSON. */
  readonly body?: unknown;
  /** Until the answer begins; 15 s unless given. */
  readonly answerMs?: number;
  readonly signal?: AbortSignal;
}

/** What follows the beginning of an answer may go on for days. */
const ANSWER_MS = 15_000;

/** Silence before the kernel asks whether the host is still there. */
const KEEP_ALIVE_MS = 30_000;

function unreachable({ endpoint }: GatewayAccess, cause: Error): TetherdockError {
  return new TetherdockError(
    "GATEWAY_UNREACHABLE",
    `the gateway at ${formatEndpoint(endpoint)} does not answer`,
    {
      why: [cause.message],
      hints: ["tetherdock status", "tetherdock doctor"],
      cause,
    },
  );
}

/**
 * @returns the answer, its head read; also one that is a refusal
 * @throws GATEWAY_UNREACHABLE
 */
export async function askGateway(access: GatewayAccess, call: GatewayCall): Promise<IncomingMessage> {
  const { endpoint, caPem, certPem, keyPem } = access;
  const { answerMs = ANSWER_MS } = call;
  const body = call.body === undefined ? undefined : JSON.stringify(call.body);
  const asking = request({
    host: endpoint.host,
    port: endpoint.port,
    method: call.method,
    path: `${LOCAL_PREFIX}${call.path}`,
    agent: false,
    ca: caPem,
    cert: certPem,
    key: keyPem,
    timeout: answerMs,
    ...(call.signal && { signal: call.signal }),
    ...(body !== undefined && {
      headers: { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) },
    }),
  });
  asking.on("timeout", () => asking.destroy(new Error(`no answer within ${answerMs / 1000} s`)));
  asking.end(body);
  try {
    const [answer] = (await once(asking, "response")) as [IncomingMessage];
    asking.setTimeout(0);
    return answer;
  } catch (error) {
    call.signal?.throwIfAborted();
    throw unreachable(access, error as Error);
  }
}

function cutOff({ endpoint }: GatewayAccess, cause: Error): TetherdockError {
  return new TetherdockError(
    "GATEWAY_UNREACHABLE",
    `the answer of the gateway at ${formatEndpoint(endpoint)} breaks off`,
    { why: [cause.message], hints: ["tetherdock status"], cause },
  );
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

/** What a refusal says, in the form of Docker's. */
function messageOf(value: unknown, status: number): string {
  const message = (value as { readonly message?: unknown } | null)?.message;
  return typeof message === "string"
    ? message.replace(/^tetherdock: /, "")
    : `it answered with status ${status}`;
}

/** Why an answer is not what was asked for. */
function refused(access: GatewayAccess, { headers, statusCode = 0 }: IncomingMessage, value: unknown): Error {
  // Whatever else answers there has its own idea of the path: a plain dockerd says 404 "page not found".
  const isGateway = headers["server"] === "tetherdock";
  const message = messageOf(value, statusCode);
  return new TetherdockError("GATEWAY_REFUSED", isGateway ? message : "no gateway answers there", {
    why: isGateway ? [] : [`${formatEndpoint(access.endpoint)} answers without one: ${message}`],
    hints: isGateway ? [] : ["tetherdock up --gateway   # puts one in front of docker"],
  });
}

/**
 * @returns the answer's JSON
 * @throws GATEWAY_UNREACHABLE, GATEWAY_REFUSED
 */
export async function callGateway(access: GatewayAccess, call: GatewayCall): Promise<unknown> {
  const answer = await askGateway(access, call);
  const value = parsed(await text(answer));
  const status = answer.statusCode ?? 0;
  if (status >= 200 && status < 300 && value !== null) return value;
  throw refused(access, answer, value);
}

/**
 * @returns the answer's lines as they come, without breaks; only whole ones
 * @throws GATEWAY_UNREACHABLE, also when the answer breaks off; GATEWAY_REFUSED
 */
export async function* readGatewayLines(access: GatewayAccess, call: GatewayCall): AsyncGenerator<string> {
  const answer = await askGateway(access, call);
  if (answer.statusCode !== 200) throw refused(access, answer, parsed(await text(answer)));
  // So that a host that is gone is noticed though nothing is said for days.
  answer.socket.setKeepAlive(true, KEEP_ALIVE_MS);
  let rest = "";
  try {
    for await (const chunk of answer.setEncoding("utf8") as AsyncIterable<string>) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
  } catch (error) {
    call.signal?.throwIfAborted();
    throw cutOff(access, error as Error);
  }
}

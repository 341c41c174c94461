/** Calls a gateway's admin API over the line's mutual TLS. */
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { json, quoteForeign, shellJoin, TetherdockError } from "../../base/index.ts";
import { formatEndpoint, gatewayReason, isGatewayAnswer } from "../../engine/index.ts";
import { ADMIN_PREFIX, type GatewayAccess, type GatewayCall } from "../../gateway/index.ts";
import { linesIn } from "./answer-lines.ts";
import { destroyLate, Rate, TooSlow } from "./answer-time.ts";

/** Idle time before the kernel checks whether the host is still there. */
const KEEP_ALIVE_MS = 30_000;

function unreachable({ endpoint, line }: GatewayAccess, cause: Error): TetherdockError {
  return new TetherdockError(
    "GATEWAY_UNREACHABLE",
    `the gateway at ${formatEndpoint(endpoint)} does not answer`,
    {
      why: [cause.message],
      hints: [shellJoin(["tetherdock", "status", line]), shellJoin(["tetherdock", "doctor", line])],
      cause,
    },
  );
}

/**
 * Whatever the peer does, the answer begins in time; if the call has `withinMs`, it also ends in time.
 * @param prefix of the path; empty: the engine's API instead of the gateway's own
 * @returns the answer with its head read, also if it is a refusal
 * @throws GATEWAY_UNREACHABLE
 */
export async function askGateway(
  access: GatewayAccess,
  call: GatewayCall,
  prefix = ADMIN_PREFIX,
): Promise<IncomingMessage> {
  const { endpoint, caPem, certPem, keyPem } = access;
  const body = call.body === undefined ? undefined : Buffer.from(JSON.stringify(call.body));
  const asking = request({
    host: endpoint.host,
    port: endpoint.port,
    method: call.method,
    path: `${prefix}${call.path}`,
    agent: false,
    ca: caPem,
    cert: certPem,
    key: keyPem,
    ...(call.signal && { signal: call.signal }),
    ...(body !== undefined && {
      headers: { "Content-Type": "application/json", "Content-Length": body.length },
    }),
  });
  const stopWaiting = destroyLate(asking, call, body?.length ?? 0);
  asking.end(body);
  try {
    const [answer] = (await once(asking, "response")) as [IncomingMessage];
    // What breaks off the answer is reported here. Without a listener, one host could end a command that asks many.
    asking.on("error", (error) => answer.destroy(error));
    if (call.withinMs === undefined) stopWaiting();
    else answer.once("close", stopWaiting);
    return answer;
  } catch (error) {
    stopWaiting();
    call.signal?.throwIfAborted();
    throw unreachable(access, error as Error);
  }
}

function cutOff({ endpoint, line }: GatewayAccess, cause: Error): TetherdockError {
  return new TetherdockError(
    "GATEWAY_UNREACHABLE",
    `the answer of the gateway at ${formatEndpoint(endpoint)} ${cause instanceof TooSlow ? "comes too slowly" : "breaks off"}`,
    { why: [cause.message], hints: [shellJoin(["tetherdock", "status", line])], cause },
  );
}

/** A list of 10,000 clients takes 2 MB. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/**
 * Reads an answer to its end.
 * @param call that it answers
 * @throws GATEWAY_UNREACHABLE when it breaks off, is too slow or too long
 */
export async function bodyOf(
  access: GatewayAccess,
  answer: IncomingMessage,
  call: GatewayCall,
): Promise<string> {
  const chunks: Buffer[] = [];
  const rate = new Rate(answer, call);
  let bytes = 0;
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      rate.add(chunk.length);
      if (bytes > MAX_ANSWER_BYTES) throw new Error(`it is longer than ${MAX_ANSWER_BYTES / 1024 ** 2} MiB`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString("utf8");
  } catch (error) {
    answer.destroy();
    call.signal?.throwIfAborted();
    throw cutOff(access, error as Error);
  } finally {
    rate.stop();
  }
}

function messageOf(body: string, status: number): string {
  return `${gatewayReason(body) ?? `it answered with status ${status}`}`;
}

/** The command that puts a gateway in front of docker, or brings it to our version. @param what it does there */
function upWithGateway({ destination }: GatewayAccess, what: string): string[] {
  if (destination === undefined) return [];
  return [`${shellJoin(["tetherdock", "up", destination ?? "--local", "--gateway"])}   # ${what}`];
}

/** A client that may not do this cannot change that itself. */
function whoCanHelp({ line }: GatewayAccess, status: number): string[] {
  if (status !== 403) return [];
  return [
    `${shellJoin(["tetherdock", "status", line])}   # shows your own name and role`,
    "ask an admin of the gateway",
  ];
}

const readProblems = json.openObject<{ readonly problems: readonly string[] }>({
  problems: { read: json.list(json.words(), 1_000) },
});

/** @returns each problem that a reload has met; empty: the answer is of another kind */
function problemsIn(body: string): readonly string[] {
  const read = json.read(body, readProblems);
  return "value" in read ? read.value.problems : [];
}

/** More than a configuration can have wrong; a server that is none may say as many as it likes. */
const MOST_PROBLEMS = 50;

/** Each on its own line: together they would be cut. */
function notTakenOver(problems: readonly string[]): TetherdockError {
  const more = problems.length - MOST_PROBLEMS;
  return new TetherdockError(
    "GATEWAY_REFUSED",
    "the gateway has not taken everything over; what is wrong stays as it was",
    {
      why: [
        ...problems.slice(0, MOST_PROBLEMS).map(quoteForeign),
        ...(more > 0 ? [`and ${more} more, in the gateway's log on its host`] : []),
      ],
    },
  );
}

/** The error for an answer with an unexpected status. */
export function refused(
  access: GatewayAccess,
  { headers, statusCode = 0 }: IncomingMessage,
  body: string,
): Error {
  // Something else may answer there: a plain dockerd says 404 "page not found".
  const isGateway = isGatewayAnswer({ server: headers["server"] });
  const problems = isGateway ? problemsIn(body) : [];
  if (problems.length > 0) return notTakenOver(problems);
  const message = messageOf(body, statusCode);
  return new TetherdockError(
    "GATEWAY_REFUSED",
    isGateway ? `the gateway refused: ${message}` : `no gateway answers for the line ${access.line}`,
    {
      why: isGateway ? [] : [`${formatEndpoint(access.endpoint)} answers without one: ${message}`],
      hints: isGateway
        ? whoCanHelp(access, statusCode)
        : upWithGateway(access, "puts one in front of docker"),
    },
  );
}

/**
 * @param reader checks the form of the answer; leaves out fields that a newer gateway adds
 * @returns the answer
 * @throws GATEWAY_UNREACHABLE, GATEWAY_REFUSED
 */
export async function callGateway<T>(
  access: GatewayAccess,
  call: GatewayCall,
  reader: json.Read<T>,
  prefix = ADMIN_PREFIX,
): Promise<T> {
  const answer = await askGateway(access, call, prefix);
  const body = await bodyOf(access, answer, call);
  const status = answer.statusCode ?? 0;
  if (status < 200 || status >= 300) throw refused(access, answer, body);
  const read = json.read(body, reader);
  if ("value" in read) return read.value;
  const newer = upWithGateway(access, "brings the gateway to this version");
  throw new TetherdockError("GATEWAY_REFUSED", "the server there does not answer like a gateway", {
    why: [`at ${formatEndpoint(access.endpoint)}`, ...read.problems.slice(0, 3)],
    hints: [shellJoin(["tetherdock", "doctor", access.line]), ...newer],
  });
}

/**
 * @returns the answer's whole lines as they arrive, without line breaks
 * @throws GATEWAY_UNREACHABLE, also when the answer breaks off; GATEWAY_REFUSED
 */
export async function* readGatewayLines(access: GatewayAccess, call: GatewayCall): AsyncGenerator<string> {
  const answer = await askGateway(access, call);
  if (answer.statusCode !== 200) throw refused(access, answer, await bodyOf(access, answer, call));
  // Notices that the host is gone even if no data comes for days.
  answer.socket.setKeepAlive(true, KEEP_ALIVE_MS);
  try {
    yield* linesIn(answer, call);
  } catch (error) {
    call.signal?.throwIfAborted();
    throw cutOff(access, error as Error);
  } finally {
    answer.destroy();
  }
}

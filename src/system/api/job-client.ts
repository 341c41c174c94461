/**
 * Gets a CI job in through a gateway: TLS with the protocol of src/gateway/jobs. While the gateway verifies the job's token,
 * it may have us connect to the token's issuer, and to nothing else, and pass it bytes.
 */
import { connect, type Socket } from "node:net";
import type { ConnectionOptions, TLSSocket } from "node:tls";
import { json, SECOND_MS, TetherdockError } from "../../base/index.ts";
import { type Endpoint, formatEndpoint } from "../../engine/index.ts";
import {
  issuerOf,
  JOB_LINE_BYTES,
  JOB_PROTOCOL,
  type JoinAnswer,
  type JoinCredential,
  MOST_ISSUER_CONNECTIONS,
  PIECE_BYTES,
  readFromGateway,
  readGreeting,
  type ToIssuer,
} from "../../gateway/index.ts";
import { alertName } from "../probing/tls-failure.ts";
import { isConnectionFailure, linesOf, nextLine, openTalk } from "./short-talk.ts";

const ASK = "ask whoever manages the gateway, which records why it refuses a job";

/** For one connection, from its first packet to its last line: the gateway asks the issuer first. */
const TIME_MS = 25 * SECOND_MS;

function unreachable(endpoint: Endpoint, why: string): TetherdockError {
  return new TetherdockError("JOIN_UNREACHABLE", `the host at ${formatEndpoint(endpoint)} does not answer`, {
    why: [why],
    hints: ["run the job again"],
  });
}

function noJobs(endpoint: Endpoint): TetherdockError {
  return new TetherdockError("JOIN_REFUSED", `the host at ${formatEndpoint(endpoint)} lets no CI job in`, {
    why: [
      "no client is for CI jobs there, it has refused this network too often, or it is no gateway of this version",
    ],
    hints: [ASK],
  });
}

function unproven(endpoint: Endpoint, why: string): TetherdockError {
  return new TetherdockError("JOIN_HOST_UNPROVEN", `${formatEndpoint(endpoint)} is not the host of --pin`, {
    why: [`its certificate is not valid: ${why}`, "the token was not sent"],
    hints: ["date -u   # is the clock right?", ASK],
  });
}

function failure(endpoint: Endpoint, error: NodeJS.ErrnoException): TetherdockError {
  if (alertName(error.message) === "no_application_protocol") return noJobs(endpoint);
  return isConnectionFailure(error)
    ? unreachable(endpoint, error.message)
    : unproven(endpoint, error.message);
}

async function open(endpoint: Endpoint, options: ConnectionOptions): Promise<TLSSocket> {
  let socket: TLSSocket;
  try {
    socket = await openTalk(endpoint, { ALPNProtocols: [JOB_PROTOCOL], ...options }, TIME_MS);
  } catch (error) {
    throw failure(endpoint, error as Error);
  }
  if (socket.alpnProtocol === JOB_PROTOCOL) return socket;
  socket.destroy();
  throw noJobs(endpoint);
}

function read<T>(endpoint: Endpoint, line: string | undefined, reader: json.Read<T>): T {
  if (line === undefined) throw noJobs(endpoint);
  const value = json.read(line, reader);
  if ("value" in value) return value.value;
  throw new TetherdockError("JOIN_REFUSED", "the server there does not answer like a gateway", {
    why: [`at ${formatEndpoint(endpoint)}`, ...value.problems.slice(0, 3)],
    hints: [ASK],
  });
}

/** As `fetchJoinCa`, of a gateway with clients for jobs. */
export async function fetchJobCa(endpoint: Endpoint): Promise<string> {
  const socket = await open(endpoint, { rejectUnauthorized: false });
  try {
    return read(endpoint, await nextLine(linesOf(socket, JOB_LINE_BYTES)), readGreeting).ca;
  } finally {
    socket.destroy();
  }
}

/** Passes bytes between the gateway and the issuer, which have TLS with each other. */
class Passing {
  readonly #gateway: TLSSocket;
  readonly #issuer: URL;
  #socket: Socket | null = null;
  /** What remains of the connections that a gateway may ask for. */
  #left = MOST_ISSUER_CONNECTIONS;

  constructor(gateway: TLSSocket, issuer: URL) {
    this.#gateway = gateway;
    this.#issuer = issuer;
  }

  do(what: ToIssuer): void {
    if ("connect" in what) this.#connect(what.connect);
    else if ("send" in what) this.#socket?.write(what.send);
    else this.close();
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = null;
  }

  #connect(number: number): void {
    this.close();
    if (--this.#left < 0) return;
    const { hostname, port } = this.#issuer;
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port || 443) });
    this.#socket = socket;
    const isCurrent = () => this.#socket === socket;
    socket.on("error", () => socket.destroy());
    socket.on("data", (bytes: Buffer) => {
      for (let at = 0; at < bytes.length && isCurrent(); at += PIECE_BYTES)
        this.#tell(number, bytes.subarray(at, at + PIECE_BYTES));
    });
    socket.on("close", () => isCurrent() && this.#tell(number, null));
  }

  #tell(number: number, bytes: Buffer | null): void {
    if (!this.#gateway.writable) return;
    const received = bytes === null ? null : bytes.toString("base64");
    this.#gateway.write(`${JSON.stringify({ of: number, received })}\n`);
  }
}

/** What a job is, for the gateway. */
export interface JobRequest {
  readonly client: string;
  readonly token: string;
}

/** Verifies the server by the CA, and only then sends the token. */
export async function redeemJob(
  endpoint: Endpoint,
  { ca, certificate, key }: JoinCredential,
  request: JobRequest,
): Promise<JoinAnswer> {
  return talkAsJob(await open(endpoint, { ca, cert: certificate, key }), endpoint, request);
}

/** @param socket a connection to the gateway, verified; closed in the end */
export async function talkAsJob(
  socket: TLSSocket,
  endpoint: Endpoint,
  request: JobRequest,
): Promise<JoinAnswer> {
  const passing = new Passing(socket, new URL(issuerOf(request.token) ?? "https://invalid."));
  try {
    const lines = linesOf(socket, JOB_LINE_BYTES);
    read(endpoint, await nextLine(lines), readGreeting);
    socket.write(`${JSON.stringify(request)}\n`);
    for (;;) {
      const line = await nextLine(lines);
      if (line === undefined) throw noJobs(endpoint);
      const said = read(endpoint, line, readFromGateway);
      if ("name" in said || "refused" in said) return said;
      passing.do(said);
    }
  } finally {
    passing.close();
    socket.destroy();
  }
}

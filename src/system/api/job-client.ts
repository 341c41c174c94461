/**
 * Gets a CI job in through a gateway: TLS with the protocol of src/gateway/jobs. While the gateway verifies the job's token,
 * it may have us connect to the token's issuer, and to nothing else, and pass it bytes.
 */
import { connect, type Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { SECOND_MS, TetherdockError } from "../../base/index.ts";
import { type Endpoint, formatEndpoint } from "../../engine/index.ts";
import {
  type IssuedOrRefused,
  issuerOf,
  JOB_LINE_BYTES,
  JOB_PROTOCOL,
  type JoinCredential,
  MOST_ISSUER_CONNECTIONS,
  PIECE_BYTES,
  readFromGateway,
  readGreeting,
  type ToIssuer,
} from "../../gateway/index.ts";
import { fetchCa, openPinned, type PinnedTalk, readLine } from "./pinned-talk.ts";
import { linesOf, nextLine } from "./short-talk.ts";

const ASK = "ask whoever manages the gateway, which records why it refuses a job";

const LOGIN: PinnedTalk = {
  protocol: JOB_PROTOCOL,
  // the gateway asks the issuer before it answers
  timeMs: 25 * SECOND_MS,
  lineBytes: JOB_LINE_BYTES,
  pinnedBy: "--pin",
  again: "run the job again",
  ask: ASK,
  unserved: (endpoint) =>
    new TetherdockError("JOIN_REFUSED", `the host at ${formatEndpoint(endpoint)} lets no CI job in`, {
      why: [
        "no client is for CI jobs there, it has refused this network too often, or it is no gateway of this version",
      ],
      hints: [ASK],
    }),
};

/** As `fetchJoinCa`, of a gateway with clients for jobs. */
export function fetchJobCa(endpoint: Endpoint): Promise<string> {
  return fetchCa(LOGIN, endpoint);
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
): Promise<IssuedOrRefused> {
  return talkAsJob(await openPinned(LOGIN, endpoint, { ca, cert: certificate, key }), endpoint, request);
}

/** @param socket a connection to the gateway, verified; closed in the end */
export async function talkAsJob(
  socket: TLSSocket,
  endpoint: Endpoint,
  request: JobRequest,
): Promise<IssuedOrRefused> {
  const passing = new Passing(socket, new URL(issuerOf(request.token) ?? "https://invalid."));
  try {
    const lines = linesOf(socket, JOB_LINE_BYTES);
    readLine(LOGIN, endpoint, await nextLine(lines), readGreeting);
    socket.write(`${JSON.stringify(request)}\n`);
    for (;;) {
      const said = readLine(LOGIN, endpoint, await nextLine(lines), readFromGateway);
      if ("name" in said || "refused" in said) return said;
      passing.do(said);
    }
  } finally {
    passing.close();
    socket.destroy();
  }
}

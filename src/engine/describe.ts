/** Describes each observation in one clause, to follow "…: ". */
import { Foreign, json } from "../base/index.ts";
import type { HttpAnswer, Observation, TlsFacts, UnreachableCause } from "./probe/observation.ts";
import type { PeerProtocol } from "./tls/peer-protocol.ts";
import { printable } from "./tls/peer-protocol.ts";

const PROTOCOLS: Record<PeerProtocol, string> = {
  http: "plain HTTP",
  tls: "TLS",
  ssh: "SSH",
  unknown: "something unknown",
};

const CAUSES: Record<UnreachableCause, string> = {
  dns: "the name does not resolve",
  refused: "connection refused",
  timeout: "no answer to the connection attempt in time",
  "no-route": "no route to it from here",
  reset: "the connection is cut before anything is said",
  other: "cannot connect",
};

/** Whether the answer came from a Docker Engine (or something that pretends to be one). */
export function isDockerAnswer(answer: HttpAnswer): boolean {
  return answer.apiVersion !== undefined || (answer.server ?? "").startsWith("Docker/");
}

/**
 * Whether a tetherdock gateway answered by itself, without forwarding the request (or something pretends to be one).
 */
export function isGatewayAnswer({ server }: { readonly server?: unknown }): boolean {
  return server === "tetherdock";
}

const readRefusal = json.openObject({ message: { read: json.words() } });

/** @param body of a refusal, in the form of Docker's errors @returns the reason that a gateway gives; null: it has another form */
export function gatewayReason(body: string): Foreign | null {
  const read = json.read(body, readRefusal);
  return "value" in read ? new Foreign(read.value.message.replace(/^tetherdock: /, "")) : null;
}

/** Why a gateway does not let the caller in, in its own words; null: this is no such refusal. */
export function gatewayRefusal(seen: Observation): Foreign | null {
  const isRefusal = seen.kind === "answered" && seen.answer.status === 403 && isGatewayAnswer(seen.answer);
  return isRefusal ? gatewayReason(seen.answer.body) : null;
}

/** Whether this is how Go's server, and so dockerd, refuses plain HTTP on a TLS port. */
export function wantsTls(answer: HttpAnswer): boolean {
  return /^Client sent an HTTP request to an HTTPS server/i.test(answer.body);
}

function answered(answer: HttpAnswer, tls: TlsFacts | undefined): string {
  const over = tls ? `over ${tls.version.replace("TLSv", "TLS ")}` : "in the clear";
  if (!tls && wantsTls(answer)) return `refused with HTTP ${answer.status}: it listens with TLS`;
  if (isGatewayAnswer(answer)) return `a tetherdock gateway answers HTTP ${answer.status} ${over}`;
  if (!isDockerAnswer(answer)) return `something other than Docker answers HTTP ${answer.status} ${over}`;
  const server = /^Docker\/[^ ]+/.exec(answer.server ?? "")?.[0].replace("/", " ") ?? "a Docker Engine";
  const api = answer.apiVersion === undefined ? "" : `, API ${printable(answer.apiVersion, 16)}`;
  const status = answer.status === 200 ? "" : ` HTTP ${answer.status}`;
  return `${printable(server, 40)}${api} answers${status} ${over}`;
}

/** @returns a clause in the present tense without a full stop, safe to print. */
export function describeObservation(seen: Observation): string {
  switch (seen.kind) {
    case "unreachable":
      return `${CAUSES[seen.cause]}${seen.cause === "other" ? ` (${seen.detail})` : ""}`;
    case "not-tls":
      return `it speaks ${PROTOCOLS[seen.speaks]}, not TLS (first bytes "${seen.firstBytes}")`;
    case "tls-alert":
      return `refused with the TLS alert ${seen.alert}`;
    case "distrusted":
      return `its certificate does not verify: ${seen.detail}`;
    case "tls-failed":
      return `the TLS handshake fails: ${seen.detail}`;
    case "answered":
      return answered(seen.answer, seen.tls);
    case "closed":
      return `the connection is ${seen.how} ${seen.stage === "answer" ? "without an answer" : "in the TLS handshake"}`;
    case "silent":
      return `connected, but no ${seen.stage === "answer" ? "answer" : "TLS handshake"} in time`;
    case "garbage":
      return `its answer is unreadable: ${seen.detail} (first bytes "${seen.firstBytes}")`;
  }
}

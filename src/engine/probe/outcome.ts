/** What an observation means for its caller: `up`, `doctor`, `topology` and `explain` share this interpretation. */
import { isDockerAnswer } from "../describe.ts";
import type { Caller } from "./caller.ts";
import type { Observation } from "./observation.ts";

/**
 * `admitted`: a Docker Engine answered. `refused`: turned away by TLS, by a closed connection, by a TLS port that gets
 * plain HTTP, or by a gateway that does not know the certificate. `declined`: something else finished the handshake and
 * answered with a status that refuses, as nginx does for a missing certificate. `other`: something else answered.
 * `distrusted`: we refused its certificate. `unreadable`: it sent something that is not the expected protocol.
 */
export type Outcome =
  | "admitted"
  | "refused"
  | "declined"
  | "other"
  | "distrusted"
  | "unreadable"
  | "silent"
  | "unreachable";

/** 495 and 496 are nginx's own, for a wrong and for a missing certificate. */
const DECLINING: ReadonlySet<number> = new Set([400, 401, 403, 495, 496]);
const FORBIDDEN = 403;

type Answered = Extract<Observation, { kind: "answered" }>;

function outcomeOfAnswer(caller: Caller, { answer }: Answered): Outcome {
  if (isDockerAnswer(answer)) return "admitted";
  // dockerd's TLS port answers plain HTTP with 400 and no Api-Version (Go's net/http does it).
  if (caller === "plain") return answer.status >= 400 ? "refused" : "other";
  if (caller === "unlisted" && answer.status === FORBIDDEN) return "refused";
  return DECLINING.has(answer.status) ? "declined" : "other";
}

/** @returns what this observation means; whether that is good depends on the caller */
export function outcomeOf(caller: Caller, seen: Observation): Outcome {
  switch (seen.kind) {
    case "answered":
      return outcomeOfAnswer(caller, seen);
    case "tls-alert":
      return caller === "plain" ? "unreadable" : "refused";
    case "closed":
      return "refused";
    case "garbage":
      // OpenSSL's servers answer bytes that are not TLS with an alert record.
      return caller === "plain" && seen.speaks === "tls" ? "refused" : "unreadable";
    case "not-tls":
    case "tls-failed":
      return "unreadable";
    default:
      return seen.kind;
  }
}

/** Whether an engine answered this caller over TLS: whatever the status, the handshake admitted it. */
export function admitsOverTls(caller: Caller, seen: Observation): boolean {
  return outcomeOf(caller, seen) === "admitted" && "tls" in seen && seen.tls !== undefined;
}

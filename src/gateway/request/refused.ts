/** What becomes of a request that is not passed on. */
import type { Deny } from "../../policy/index.ts";
import { refusalStatus, refusalText } from "../clients/refusal-text.ts";
import { LookupError } from "../docker/engine-lookup.ts";
import type { Exchange } from "../record/exchange.ts";
import type { Outcome } from "./state.ts";

export const UNWRITABLE: Outcome = {
  to: "client",
  refusal: { status: 503, text: refusalText("audit-unwritable") },
};

/** For a role that wants a judge although the request is no known operation, so that nothing can judge it. */
export const NO_OPERATION: Deny = {
  allow: false,
  rule: "no-operation",
  reason: "this is no operation of the Docker Engine API as tetherdock knows it",
};

/** It has waited for dockerd in vain. */
export const NO_PLACE: Deny = {
  allow: false,
  rule: "too-many-answers",
  reason: refusalText("too-many-answers"),
};

const NOT_JUDGED = "the gateway failed to check the request body and did not pass the request on";

export function denied({ rule, reason, status }: Deny, exchange: Exchange): Outcome {
  exchange.refuse("deny", rule);
  return { to: "client", refusal: { status: status ?? refusalStatus(rule), text: reason } };
}

/** They wait in dockerd. */
export function tooMany(
  rule: "too-many-starts" | "too-many-answers" | "too-many-logs",
  exchange: Exchange,
): Outcome {
  exchange.refuse("refuse", rule);
  return { to: "client", refusal: { status: refusalStatus(rule), text: refusalText(rule) } };
}

export function notJudged(error: Error, exchange: Exchange): Outcome {
  const isDockers = error instanceof LookupError;
  exchange.refuse("refuse", isDockers ? "docker-unanswered" : "judge-failed");
  const text = isDockers ? `Docker on the host did not answer: ${error.message}` : NOT_JUDGED;
  return { to: "client", refusal: { status: isDockers ? 502 : 500, text, error: error.message } };
}

/**
 * `attach`: what a client that leaves costs dockerd until the container ends, if the container prints nothing. Engine 26.1 never notices
 * that a client has left; 28.5 does not if it left at once, or has sent something to a container without an input.
 */
import type { Asking, FoundContainer } from "../../../asking.ts";
import type { RuleVerdict } from "../../rule.ts";
import type { Judged } from "./judging.ts";
import { keepProblem } from "./keeps.ts";
import { findOwnContainer } from "./own.ts";
import { type Query, targetOf } from "./query/query.ts";

/** Of a connection whose client has left, besides dockerd's structures: 36 KB in all. Measured with 1,000 on Engine 28.5. */
const CONNECTION_BYTES = 24 * 1024;
/** Of what such a client has sent and the container does not read: 103 KB in all. Measured with 3,800 on Engine 28.5. */
const INPUT_BYTES = 72 * 1024;

const STDIN = "stdin";

/** Compose asks for the input of every container. @returns without it, if the container has none */
export const attachQuery = ({ hasStdin }: FoundContainer, query: Query): Query =>
  hasStdin === true ? query : new Map([...query].filter(([name]) => name !== STDIN));

/** @param asked what the engine gets */
export const attachProblem = (body: Buffer, asking: Asking, asked: Query): RuleVerdict | null =>
  keepProblem(body, asking, CONNECTION_BYTES + (asked.has(STDIN) ? INPUT_BYTES : 0));

export const attach: Judged = async (body, call, query, asking) => {
  const found = await findOwnContainer(call.params["id"] ?? "", asking);
  if (!("labels" in found)) return found;
  const asked = attachQuery(found, query);
  return attachProblem(body, asking, asked) ?? { body, target: targetOf(call, { id: found.id }, asked) };
};

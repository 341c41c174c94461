/**
 * `attach` with the client's input. dockerd reads it in a thread of its own, which waits for the container to take it, or for its end if
 * the container has no input: a client that sends something and leaves costs its connection until the container ends.
 */
import type { Asking, FoundContainer } from "../../../asking.ts";
import type { RuleVerdict } from "../../rule.ts";
import type { Judged } from "./judging.ts";
import { keepProblem } from "./keeps.ts";
import { findOwnContainer } from "./own.ts";
import { isTrue, type Query, targetOf } from "./query/query.ts";

/** Of a connection whose client has left: 36 KB in use, 100 KB with garbage. Measured with 1,000 on Engine 28.5. */
const INPUT_BYTES = 64 * 1024;

const STDIN = "stdin";

/** Compose asks for the input of every container. @returns without it, if the container has none */
export const attachQuery = ({ hasStdin }: FoundContainer, query: Query): Query =>
  hasStdin === true ? query : new Map([...query].filter(([name]) => name !== STDIN));

export const inputProblem = (body: Buffer, query: Query, asking: Asking): RuleVerdict | null =>
  isTrue(query.get(STDIN)) ? keepProblem(body, asking, INPUT_BYTES) : null;

export const attach: Judged = async (body, call, query, asking) => {
  const found = await findOwnContainer(call.params["id"] ?? "", asking);
  if (!("labels" in found)) return found;
  const asked = attachQuery(found, query);
  return inputProblem(body, asked, asking) ?? { body, target: targetOf(call, { id: found.id }, asked) };
};

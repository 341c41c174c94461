/** Rules over bodies: what is checked of every call before its own judge has it. */
import type { Operation, OperationCall } from "../../../../engine/index.ts";
import type { Asking } from "../../../asking.ts";
import { judgeBody, refuseByFields } from "../../../body/judge-body.ts";
import type { Mark } from "../../../body/mark.ts";
import { ARCHIVE_BYTES } from "../../../body/tar.ts";
import { refusal } from "../../../refusal.ts";
import type { JudgeRule, RuleVerdict } from "../../rule.ts";
import { isQuery, queryOf } from "./query/parameters.ts";
import type { Query } from "./query/query.ts";

/** Clients send a few dozen kilobytes at most, for a long environment. */
const BODY_BYTES = 256 * 1024;
/** For operations without a body: some clients send `{}`. */
const NO_BODY_BYTES = 64;

const NO_BODY = /^\s*(?:\{\s*\}|null)?\s*$/;

/** An engine that accepts HTTP/2 on its socket must not be asked for it: what follows would not be judged. */
const UPGRADES: readonly string[] = ["", "tcp"];

function refuseByUpgrade({ upgrade }: Asking): RuleVerdict | null {
  return UPGRADES.includes(upgrade) ? null : refusal("upgrade", "a connection can only be upgraded to tcp");
}

export type Judged = (
  body: Buffer,
  call: OperationCall,
  query: Query,
  asking: Asking,
) => RuleVerdict | Promise<RuleVerdict>;

type Covers = (operation: Operation) => boolean;

/** Covers the operations with these names. */
export const named =
  (...names: readonly string[]): Covers =>
  ({ name }) =>
    names.includes(name);

/** Judges the body by a mark, and then the call with what the mark let through: a body costs the engine nothing. */
export const judgedBy =
  (mark: Mark, then: Judged): Judged =>
  (body, call, query, asking) => {
    const judged = judgeBody(body, mark);
    return Buffer.isBuffer(judged) ? then(judged, call, query, asking) : judged;
  };

type Body = Pick<JudgeRule, "maxBytes" | "byBody">;

function judgeRule(id: string, covers: Covers, body: Body, judge: Judged): JudgeRule {
  return {
    ...{ id, covers, ...body },
    judge: (body, call, asking) => {
      const query = queryOf(call);
      if (!isQuery(query)) return query;
      return refuseByUpgrade(asking) ?? judge(body, call, query, asking);
    },
  };
}

/** A rule for operations whose bodies are judged by a model. */
export function withBody(id: string, covers: Covers, judge: Judged): JudgeRule {
  const judgeFields: Judged = (body, call, query, asking) =>
    refuseByFields(asking) ?? judge(body, call, query, asking);
  return judgeRule(id, covers, { maxBytes: BODY_BYTES, byBody: true }, judgeFields);
}

/** A rule for an operation whose body is an archive. Larger ones are answered 413: the whole of it is held in memory. */
export function withArchive(id: string, covers: Covers, judge: Judged): JudgeRule {
  return judgeRule(id, covers, { maxBytes: ARCHIVE_BYTES, byBody: true }, judge);
}

/** A rule for operations without a body: the engine is sent none. */
export function withoutBody(id: string, covers: Covers, judge: Judged): JudgeRule {
  const judgeNone: Judged = (body, call, query, asking) =>
    NO_BODY.test(body.toString("latin1"))
      ? judge(Buffer.alloc(0), call, query, asking)
      : refusal("body", "this operation takes no body; send none");
  return judgeRule(id, covers, { maxBytes: NO_BODY_BYTES, byBody: false }, judgeNone);
}

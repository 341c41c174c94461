/**
 * Builds with buildx: `POST /grpc` and `POST /session`, which become HTTP/2. The calls on the first are judged one by one; on
 * the second the engine calls the client, whose messages are checked. The code that judges them is loaded with the first build.
 */
import type { OperationCall } from "../../../../engine/index.ts";
import type { Asking } from "../../../asking.ts";
import type { Fields } from "../../../build/index.ts";
import { refusal } from "../../../refusal.ts";
import type { JudgeRule, RuleCalls, RuleVerdict } from "../../rule.ts";
import { NO_KEY } from "./own.ts";
import { targetOf } from "./query/query.ts";

/** `docker build` sends 2 KB, and more with many build arguments. */
const MESSAGE_BYTES = 256 * 1024;

const UPGRADE: Fields = [
  ["Connection", "Upgrade"],
  ["Upgrade", "h2c"],
];

const OPERATIONS: ReadonlySet<string> = new Set(["Grpc", "Session"]);

async function judge(body: Buffer, call: OperationCall, asking: Asking): Promise<RuleVerdict> {
  const { owner, h2c, engine } = asking;
  if (owner === null) return NO_KEY;
  if (h2c === undefined) return refusal("upgrade", "the connection can only be upgraded to h2c");
  if (call.query !== "") return refusal("query", "it takes no parameters");
  const { answerTo, isOptional, judgeGrpc, judgeSession, kindOf, refuseByEngine, refuseField } = await import(
    "../../../build/index.ts"
  );
  const byEngine = refuseByEngine((await engine.version()) ?? "");
  if (byEngine) return byEngine;
  const target = targetOf(call, {}, new Map());
  if (call.operation.name === "Session") {
    const fields = judgeSession(h2c.fieldValues, owner);
    const sent = { answerTo, refusesField: refuseField };
    return "refuse" in fields ? fields : { body, target, fields, sent };
  }
  const calls: RuleCalls = {
    ...{ maxBytes: MESSAGE_BYTES, kindOf, isOptional },
    judge: (one, lookup, mayKeep) => judgeGrpc(one, owner, lookup, mayKeep),
  };
  return { body, target, fields: UPGRADE, calls };
}

/** @param id of the rule */
export const buildRule = (id: string): JudgeRule => ({
  id,
  covers: ({ name }) => OPERATIONS.has(name),
  maxBytes: 0,
  byBody: true,
  judge,
});

/** Asks a role about calls, each written as its method and target. */
import { expect } from "vitest";
import { findOperation, type OperationCall } from "../../../src/engine/index.ts";
import {
  type Asking,
  type Decision,
  decide,
  type EngineLookup,
  type Judge,
  type Role,
  type Verdict,
} from "../../../src/policy/index.ts";
import { emptyEngine, ME } from "./engine.ts";

/** Fails whatever is asked of it. */
export const untouchedEngine = new Proxy(
  {},
  { get: (_, name) => expect.fail(`the engine was asked: ${String(name)}`) },
) as EngineLookup;

export function callOf(line: string): OperationCall {
  const [method = "", target = ""] = line.split(" ");
  return findOperation(method, target) ?? expect.fail(`${line} calls nothing`);
}

/** A string or a buffer is the body as it is; anything else is sent as JSON. */
function bytesOf(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
}

export function judgeOf(decision: Decision): Judge {
  if (decision.allow === null) return decision;
  return expect.fail(`not judged: ${decision.allow ? "allowed" : decision.reason}`);
}

/** A client with a key, `ME`, who sends JSON. */
const asking = {
  ...{ owner: ME, contentType: ["application/json"], contentEncoding: [], upgrade: "" },
  holds: () => {},
  mayKeep: () => true,
  ifLeft: () => {},
  chance: () => false,
  inTurn: <T>(work: () => Promise<T>) => work(),
} satisfies Partial<Asking>;

/** @param engine what it says */
export function askRole(role: Role, engine: EngineLookup = emptyEngine) {
  /** Of a call that the role judges. */
  async function ask(line: string, body: unknown = "", over: Partial<Asking> = {}): Promise<Verdict> {
    const call = callOf(line);
    return judgeOf(decide(role, call)).judge(bytesOf(body), call, { ...asking, engine, ...over });
  }

  /** Of any call. */
  async function verdictOn(line: string, body: unknown = "", over: Partial<Asking> = {}): Promise<Verdict> {
    const decision = decide(role, callOf(line));
    if (decision.allow === null) return ask(line, body, over);
    return decision.allow ? { ...decision, body: Buffer.alloc(0) } : decision;
  }

  /** @returns what the engine gets */
  async function sent(line: string, body: unknown = "") {
    const verdict = await ask(line, body);
    if (!verdict.allow) return expect.fail(verdict.reason);
    const text = verdict.body.toString();
    return { target: verdict.target, body: text === "" ? null : JSON.parse(text) };
  }

  /** @returns the answer's status, and the reason of the refusal */
  async function why(line: string, body: unknown = ""): Promise<string> {
    const verdict = await ask(line, body);
    if (verdict.allow) return "allowed";
    const check = /\(check (\w+)\)$/.exec(verdict.reason)?.[1];
    if (check !== undefined)
      expect(verdict.rule, "as the audit log has it").toMatch(new RegExp(`:${check}$`));
    return `${verdict.status ?? 403} ${verdict.reason}`;
  }

  /** @returns what the client sees of the engine's answer */
  async function shown(line: string, answer: unknown, body: unknown = ""): Promise<unknown> {
    const verdict = await ask(line, body);
    return verdict.allow ? verdict.answer?.mark.show(answer) : expect.fail(verdict.reason);
  }

  return { ask, verdictOn, sent, why, shown };
}

/** Which agents `agent start` and `agent stop` start and end, and what they say if that fails. */
import { expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import type { AgentLifePorts } from "./ports.ts";
import { startAgent } from "./start-agent.ts";
import { stopAgents } from "./stop-agent.ts";

/** @param served the process that serves each line @param said by an agent that is started; null: it serves */
function machine(served: Record<string, number>, said: string | null = null) {
  const done: string[] = [];
  const ports: AgentLifePorts = {
    isAsleep: async (line) => line === "asleep",
    ask: async (line) => {
      done.push(`ask ${line}`);
      const pid = served[line];
      return pid === undefined ? undefined : { line, pid };
    },
    stop: async (line) => {
      const pid = served[line];
      if (pid === undefined || pid === 1) return undefined;
      for (const name of Object.keys(served)) if (served[name] === pid) delete served[name];
      done.push(`stop ${pid}`);
      return { line, pid };
    },
    launch: async (names, lines) => {
      done.push(`launch ${names.join(" ")} for ${lines.join(" ")}`);
      if (said === null) for (const line of lines) served[line] = 9;
      return said;
    },
  };
  return { ports, done, did: () => done.filter((one) => !one.startsWith("ask")) };
}

test("one agent for the lines that have none; for all lines if none has one", async () => {
  const some = machine({ a: 5 });
  expect(await startAgent(some.ports, ["a", "b", "c"], true)).toEqual({
    started: [
      { line: "b", pid: 9 },
      { line: "c", pid: 9 },
    ],
    running: [{ line: "a", pid: 5 }],
  });
  expect(some.did()).toEqual(["launch b c for b c"]);
  const none = machine({});
  await startAgent(none.ports, ["a", "b"], true);
  expect(none.did()).toEqual(["launch  for a b"]);
  const all = machine({ a: 5 });
  expect(await startAgent(all.ports, ["a"], false)).toEqual({
    started: [],
    running: [{ line: "a", pid: 5 }],
  });
  expect(all.did()).toEqual([]);
});

test("what an agent said that ended is the reason, unless another one serves the lines now", async () => {
  const said = "tetherdock: error: no key\n  why: it is gone\n  try: something else\n  see: x";
  expect(await failureOf(startAgent(machine({}, said).ports, ["a"], false))).toMatchObject({
    code: "AGENT_CONTROL_FAILED",
    why: ['"no key"', '"it is gone"'],
    hints: ["tetherdock agent run a   # in the foreground"],
  });
  const served: Record<string, number> = {};
  const { ports } = machine(served, said);
  const launch = async () => {
    served["a"] = 7;
    return said;
  };
  const running = [{ line: "a", pid: 7 }];
  expect(await startAgent({ ...ports, launch }, ["a"], false)).toEqual({ started: [], running });
});

test("an agent of several lines ends once, and one that sleeps is not woken up", async () => {
  const { ports, done } = machine({ a: 5, b: 5, c: 6, asleep: 7 });
  expect(await stopAgents(ports, ["a", "asleep", "b", "c"])).toEqual([
    { line: "a", pid: 5 },
    { line: "c", pid: 6 },
  ]);
  expect(done).toEqual(["ask a", "stop 5", "ask b", "ask c", "stop 6"]);
});

test("one that goes on: the hint is how to end it", async () => {
  expect(await failureOf(stopAgents(machine({ a: 1 }).ports, ["a"]))).toMatchObject({
    code: "AGENT_CONTROL_FAILED",
    hints: ["kill 1"],
  });
});

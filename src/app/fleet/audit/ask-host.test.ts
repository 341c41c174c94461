/** Which way leads to a host's audit log, and what is said when none does. */
import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { failureOf } from "../../../../test/support/app/change.ts";
import { fleetStage } from "../../../../test/support/fleet/fleet-stage.ts";
import { json, quoteForeign, TetherdockError } from "../../../base/index.ts";
import {
  judgeQuestion,
  makeOperatorKey,
  type OperatedFleet,
  type OperatorStore,
  refuseAnswer,
  type Said,
  sealAnswer,
} from "../../../fleet/index.ts";
import type { AskLog } from "../../audit/index.ts";
import { joinHosts } from "../fleet.ts";
import { openFleet } from "../open-fleet.ts";
import { askThroughStore, wayToLog } from "./ask-host.ts";

const readOk = json.openObject<{ readonly ok: boolean }>({ ok: { read: json.flag } });

async function stage(change: (fleet: OperatedFleet) => OperatedFleet = (fleet) => fleet) {
  const { ports, host } = await fleetStage("web");
  await joinHosts(ports, undefined, ["web"]);
  const fleet = change(await openFleet(ports, undefined));
  const { receiptKey } = host("web");
  const state = {
    asked: 0,
    keys: receiptKey,
    said: { status: 200, value: { ok: true } } as Said,
    away: false,
  };
  const pass: NonNullable<OperatorStore["ask"]> = async (name, text) => {
    state.asked += 1;
    if (state.away)
      throw new TetherdockError("FLEET_STORE_FAILED", `cannot ask ${name}`, { why: ["timeout"] });
    const judged = judgeQuestion(text, fleet.kept, name, ports.clock());
    if ("refused" in judged) return refuseAnswer(text, judged.refused);
    return sealAnswer(text, judged.question, state.said, state.keys ?? expect.fail());
  };
  const through = askThroughStore(ports, fleet, { ask: pass } as OperatorStore);
  return { state, through, ports, host, fleet };
}

const lineOf =
  (answers: boolean): AskLog =>
  async (_path, reader) => {
    if (!answers)
      throw new TetherdockError("GATEWAY_UNREACHABLE", "the gateway does not answer", {
        hints: ["tetherdock doctor web"],
      });
    const read = json.read('{"ok":false}', reader);
    return "value" in read ? read.value : expect.fail(read.problems.join());
  };

/** The line answers before the store is asked too. */
const noPause = { pause: () => new Promise<void>(() => {}) };
const pauseIsOver = { pause: async () => {} };

/** @returns a line that hangs until it is given up, and whether it was */
function hangingLine() {
  const state = { isGivenUp: false };
  const line: AskLog = (_path, _reader, _withinMs, signal) =>
    new Promise((_, reject) =>
      signal?.addEventListener("abort", () => {
        state.isGivenUp = true;
        reject(new TetherdockError("GATEWAY_UNREACHABLE", "given up"));
      }),
    );
  return { line, state };
}

test("the line is asked first; where it does not lead to the host, the store is, and then no other", async () => {
  const { state, through } = await stage();
  for (const [answers, way, ok, asked] of [
    [true, "line", false, 0],
    [false, "store", true, 2],
  ] as const) {
    const log = wayToLog(noPause, lineOf(answers), through?.to("web") ?? null);
    expect(log.way()).toBeNull();
    expect(await log.ask("audit/files", readOk)).toEqual({ ok });
    expect(await log.ask("audit/files", readOk)).toEqual({ ok });
    expect([log.way(), state.asked]).toEqual([way, asked]);
  }
});

test("where neither leads, both say why", async () => {
  const { state, through } = await stage();
  state.away = true;
  const log = wayToLog(noPause, lineOf(false), through?.to("web") ?? null);
  expect(await failureOf(log.ask("audit/files", readOk))).toMatchObject({
    code: "GATEWAY_UNREACHABLE",
    message: "the gateway does not answer; cannot ask web: timeout",
    hints: ["tetherdock doctor web"],
  });
  expect(await failureOf(wayToLog(noPause, lineOf(false), null).ask("audit/files", readOk))).toMatchObject({
    message: "the gateway does not answer",
  });
});

test("what the gateway refuses is refused, in quotes; another form is no answer", async () => {
  const { state, through } = await stage();
  const ask = () => failureOf(through?.to("web")("audit/files", readOk) ?? expect.fail());
  state.said = { status: 404, value: { message: "no\u001b[2J such file" } };
  expect(await ask()).toMatchObject({
    code: "GATEWAY_REFUSED",
    message: `the gateway of web refuses: ${quoteForeign("no\u001b[2J such file")}`,
  });
  state.said = { status: 200, value: { ok: 1 } };
  expect(await ask()).toMatchObject({ code: "GATEWAY_REFUSED", why: ["ok must be true or false"] });
});

test("an answer that another key has signed is none", async () => {
  const { state, through } = await stage();
  state.keys = generateKeyPairSync("ed25519").privateKey;
  expect(await failureOf(through?.to("web")("audit/files", readOk) ?? expect.fail())).toMatchObject({
    code: "GATEWAY_UNREACHABLE",
    message: "web does not answer through the store",
    why: [expect.stringContaining("has not signed the answer")],
  });
});

test("a host whose key is unknown is not asked, nor is any by somebody who is no operator any more", async () => {
  const { through, state } = await stage();
  expect(await failureOf(through?.to("other")("audit/files", readOk) ?? expect.fail())).toMatchObject({
    why: [expect.stringContaining("older tetherdock")],
    hints: [expect.stringMatching(/^tetherdock upgrade /), expect.stringMatching(/^tetherdock fleet join /)],
  });
  expect(state.asked).toBe(0);
  expect((await stage((fleet) => ({ ...fleet, operatorKey: makeOperatorKey() }))).through).toBeNull();
});

test("while the line hangs, the store is asked too; the line is given up when it has answered", async () => {
  const { through, state } = await stage();
  const { line, state: lineState } = hangingLine();
  const log = wayToLog(pauseIsOver, line, through?.to("web") ?? null);
  expect(await log.ask("audit/files", readOk)).toEqual({ ok: true });
  expect([log.way(), lineState.isGivenUp, state.asked]).toEqual(["store", true, 1]);
});

test("a line that is slow and answers first is the way", async () => {
  const { through } = await stage();
  const answer = Promise.withResolvers<void>();
  const slow: AskLog = async (...asked) => {
    await answer.promise;
    return lineOf(true)(...asked);
  };
  const store: AskLog = async (...asked) => {
    answer.resolve();
    await new Promise(setImmediate);
    return (through?.to("web") ?? expect.fail())(...asked);
  };
  const log = wayToLog(pauseIsOver, slow, store);
  expect(await log.ask("audit/files", readOk)).toEqual({ ok: false });
  expect(log.way()).toBe("line");
});

test("nobody is asked for a passphrase while the line may still answer", async () => {
  let asked = 0;
  const store: AskLog = async (_path, reader) => {
    asked += 1;
    return lineOf(true)(_path, reader);
  };
  const answer = Promise.withResolvers<void>();
  const slow: AskLog = async (...question) => {
    await answer.promise;
    return lineOf(true)(...question);
  };
  const log = wayToLog(pauseIsOver, slow, store, () => false);
  const asking = log.ask("audit/files", readOk);
  await new Promise(setImmediate);
  answer.resolve();
  expect(await asking).toEqual({ ok: false });
  expect([asked, log.way()]).toEqual([0, "line"]);

  const lost = wayToLog(pauseIsOver, lineOf(false), store, () => false);
  expect(await lost.ask("audit/files", readOk)).toEqual({ ok: false });
  expect([asked, lost.way()]).toEqual([1, "store"]);
});

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
    if (!answers) throw new TetherdockError("GATEWAY_UNREACHABLE", "the gateway does not answer");
    const read = json.read('{"ok":false}', reader);
    return "value" in read ? read.value : expect.fail(read.problems.join());
  };

test("the line is asked first; where it does not lead to the host, the store is, and then no other", async () => {
  const { state, through } = await stage();
  for (const [answers, way, ok, asked] of [
    [true, "line", false, 0],
    [false, "store", true, 2],
  ] as const) {
    const log = wayToLog(lineOf(answers), through?.("web") ?? null);
    expect(log.way()).toBeNull();
    expect(await log.ask("audit/files", readOk)).toEqual({ ok });
    expect(await log.ask("audit/files", readOk)).toEqual({ ok });
    expect([log.way(), state.asked]).toEqual([way, asked]);
  }
});

test("where neither leads, both say why", async () => {
  const { state, through } = await stage();
  state.away = true;
  const log = wayToLog(lineOf(false), through?.("web") ?? null);
  expect(await failureOf(log.ask("audit/files", readOk))).toMatchObject({
    code: "GATEWAY_UNREACHABLE",
    message: "the gateway does not answer; cannot ask web: timeout",
  });
  expect(await failureOf(wayToLog(lineOf(false), null).ask("audit/files", readOk))).toMatchObject({
    message: "the gateway does not answer",
  });
});

test("what the gateway refuses is refused, in quotes; another form is no answer", async () => {
  const { state, through } = await stage();
  const ask = () => failureOf(through?.("web")("audit/files", readOk) ?? expect.fail());
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
  expect(await failureOf(through?.("web")("audit/files", readOk) ?? expect.fail())).toMatchObject({
    code: "GATEWAY_UNREACHABLE",
    message: "web does not answer through the store",
    why: [expect.stringContaining("has not signed the answer")],
  });
});

test("a host whose key is unknown is not asked, nor is any by somebody who is no operator any more", async () => {
  const { through, state } = await stage();
  expect(await failureOf(through?.("other")("audit/files", readOk) ?? expect.fail())).toMatchObject({
    why: [expect.stringContaining("older tetherdock")],
  });
  expect(state.asked).toBe(0);
  expect((await stage((fleet) => ({ ...fleet, operatorKey: makeOperatorKey() }))).through).toBeNull();
});

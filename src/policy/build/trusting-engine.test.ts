/** Messages that would crash dockerd or fill its memory: engines do not check what their clients send. */
import { expect, test } from "vitest";
import { untouchedEngine } from "../../../test/support/policy/ask-role.ts";
import { judgeGrpc } from "./calls.ts";
import { BRIDGE_RETURN, CONTROL_SOLVE } from "./messages.ts";
import { type Message, type Model, read, write } from "./wire.ts";

const CONTROL = "moby.buildkit.v1.Control";
const BRIDGE = "moby.buildkit.v1.frontend.LLBBridge";

const ask = (method: string, model: Model, message: Message) =>
  judgeGrpc(
    { method, message: write(message, model), buildId: "ref" },
    "a".repeat(64),
    untouchedEngine,
    () => true,
  );

async function passed(method: string, model: Model, message: Message) {
  const verdict = await ask(method, model, message);
  return "refuse" in verdict ? expect.fail(verdict.refuse) : read(verdict.message, model, "passed");
}

async function check(method: string, model: Model, message: Message) {
  const verdict = await ask(method, model, message);
  return "refuse" in verdict ? verdict.check : "passed";
}

test("the engine always gets cache options: some versions crash without them", async () => {
  const message = { Ref: "ref", Session: "session" };
  expect(await passed(`${CONTROL}/Solve`, CONTROL_SOLVE, message)).toMatchObject({ Cache: {} });
});

test("an empty Return is refused: the engine would crash", async () => {
  expect(await check(`${BRIDGE}/Return`, BRIDGE_RETURN, {})).toBe("message");
});

test.each([
  ["stack.Stack+json", '{"frames":[{"Name":"a"}]}', true],
  ["stack.Stack+json", '{"frames":[null]}', false],
  ["errdefs.Source+json", "null", false],
  ["errdefs.Source+json", '{"info":{},"ranges":[{"start":{"line":1},"end":{}}]}', true],
  ["errdefs.Source+json", '{"info":{},"ranges":[{"start":{"line":1}}]}', false],
  ["errdefs.Source+json", '{"ranges":[{}]}', false],
  ["errdefs.Source+json", '{"Ranges":[{}]}', false],
  ["errdefs.Source+json", '{"ranges":[{"start":{},"Start":{}}]}', false],
  ["errdefs.Source+json", '{"info":{"data":null}}', false],
  ["errdefs.Source+json", "{", false],
  ["errdefs.Source", "{}", false],
])("the detail %s %s of an error goes to the engine: %s", async (name, json, goes) => {
  const detail = { type_url: `github.com/moby/buildkit/${name}`, value: Buffer.from(json) };
  for (const more of [{}, { result: {} }]) {
    const error = { code: 2n, message: "no", details: [detail] };
    const found = await passed(`${BRIDGE}/Return`, BRIDGE_RETURN, { error, ...more });
    const { details = [] } = found["error"] as { details?: unknown[] };
    expect(details).toHaveLength(goes ? 1 : 0);
  }
});

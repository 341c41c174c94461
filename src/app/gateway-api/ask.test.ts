/** What a gateway says of this machine, and when it says nothing. */
import { expect, test } from "vitest";
import { FakeGateway } from "../../../test/support/app/fake-gateway.ts";
import { EMPTY_FILES, MemoryLines } from "../../../test/support/app/lines.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import { TetherdockError } from "../../base/index.ts";
import { askSelf } from "./ask.ts";

function stage(self: object = {}) {
  const lines = new MemoryLines();
  lines.keep(sampleLine({ name: "web", mode: "gateway" }), EMPTY_FILES);
  const gateway = new FakeGateway();
  gateway.answers.set("self", self);
  const ask = (signal = new AbortController().signal) => askSelf({ lines, env: {}, gateway }, "web", signal);
  return { ask, gateway };
}

test("its name and role there, when its access ends, and who waits", async () => {
  const self = {
    name: "bob@desk",
    role: "admin",
    expires: "2026-12-01T00:00:00.000Z",
    waiting: ["ben@desk"],
  };
  expect(await stage(self).ask()).toEqual(self);
});

test.each(["GATEWAY_REFUSED", "GATEWAY_UNREACHABLE"] as const)(
  "%s: an older gateway, or one that does not let this machine in, says nothing",
  async (code) => {
    const { ask, gateway } = stage();
    gateway.failure = new TetherdockError(code, "no");
    expect(await ask()).toBeNull();
  },
);

test("one that does not answer in time says nothing; a mistake of ours is told", async () => {
  const { ask } = stage({ name: 1 });
  expect(await ask(AbortSignal.abort())).toBeNull();
  await expect(ask()).rejects.toThrow("name");
});

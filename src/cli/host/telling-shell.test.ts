import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Foreign } from "../../base/index.ts";
import type { HostShell } from "../../facts/index.ts";
import type { Context } from "../context.ts";
import { tellingShell } from "./telling-shell.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const RESULT = { status: 0, stdout: "", stderr: new Foreign("") };
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A host that takes about a megabyte a second, and three seconds for a script. */
const slow: HostShell = {
  arrivedAt: "192.0.2.7",
  run: async () => {
    await pause(3_100);
    return RESULT;
  },
  send: async (_, payload) => {
    for await (const chunk of payload.read()) await pause(chunk.length / 1_000 - 1);
    return RESULT;
  },
  atEnd: () => {},
  close: async () => {},
};

function world(isTerminal: boolean) {
  const said: string[] = [];
  const stderr = { line: said.push.bind(said), progress: said.push.bind(said), clearProgress: () => {} };
  return { said, context: { stderr, terminal: { stderr: isTerminal } } as unknown as Context };
}

async function* megabytes(count: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < count * 10; at++) yield new Uint8Array(1e5);
}

test.for([
  [false, ["  sent 2.0 of 7.0 MB, 1.0 MB/s, 2 s", "  sent 5.0 of 7.0 MB, 1.0 MB/s, 5 s"]],
  [true, [2, 3, 4, 5, 6].map((at) => `  sent ${at}.0 of 7.0 MB, 1.0 MB/s, ${at} s`)],
] as const)(
  "shows bytes and rate while a program is sent; on a terminal: %s",
  async ([isTerminal, expected]) => {
    const { said, context } = world(isTerminal);
    const sending = tellingShell(context, slow, "vps").send("", { bytes: 7e6, read: () => megabytes(7) }, 0);
    await vi.advanceTimersByTimeAsync(6_500);
    expect(said).toEqual(expected);
    await vi.advanceTimersByTimeAsync(60_000);
    await sending;
    expect(said.length).toBe(expected.length);
  },
);

test("reports a script that takes longer than two seconds", async () => {
  const { said, context } = world(false);
  const running = tellingShell(context, slow, "core@vps").run("true");
  await vi.advanceTimersByTimeAsync(60_000);
  await running;
  expect(said).toEqual(["  waiting for core@vps, 2 s"]);
});

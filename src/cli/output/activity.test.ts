import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Context } from "../context.ts";
import { createActivity, during } from "./activity.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function world(isTerminal: boolean) {
  const said: string[] = [];
  const stderr = {
    line: (text: string) => said.push(text),
    progress: (text: string) => said.push(`${text} …`),
    clearProgress: () => said.push(""),
  };
  const context = { stderr, terminal: { stderr: isTerminal } } as unknown as Context;
  return { said, context };
}

test("a quick activity prints nothing", async () => {
  const { said, context } = world(false);
  expect(await during(context, "looking", async () => 1)).toBe(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(said).toEqual([]);
});

test("without a terminal: a line after two seconds, then every five seconds", async () => {
  const { said, context } = world(false);
  const activity = createActivity(context);
  activity.begin(() => "looking");
  await vi.advanceTimersByTimeAsync(11_000);
  expect(said).toEqual(["  looking, 2 s", "  looking, 5 s", "  looking, 10 s"]);
  activity.begin(() => "restart docker", true);
  await vi.advanceTimersByTimeAsync(6_000);
  activity.end();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(said.slice(3)).toEqual(["  restart docker, 5 s"]);
});

test("on a terminal: one line that is updated every second and removed at the end", async () => {
  const { said, context } = world(true);
  let percent = 0;
  const activity = createActivity(context);
  activity.begin(() => {
    percent += 10;
    return `${percent} %`;
  });
  await vi.advanceTimersByTimeAsync(3_500);
  activity.end();
  expect(said).toEqual(["", "  20 %, 2 s …", "  30 %, 3 s …", ""]);
});
